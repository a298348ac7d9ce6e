# The score test of parallel lines a second time: numerical derivatives of the probabilities, no algebra.
# R 4.2.2, ordinal 2022.11-16, numDeriv 2016.8-1.1. Run: Rscript tests/statistics/parallel_lines.R
suppressMessages(library(ordinal))
suppressMessages(library(numDeriv))

score_test <- function(y, x, free = seq_len(ncol(x))) {
  m <- clm(factor(y) ~ x, control = clm.control(gradTol = 1e-10))
  cuts <- max(y) - 1; p <- ncol(x); q <- length(free)
  probabilities <- function(theta, xi) {
    a <- theta[1:cuts]; b <- theta[cuts + (1:p)]
    slopes <- matrix(b, cuts, p, byrow = TRUE)
    slopes[-1, free] <- slopes[-1, free] + matrix(theta[-(1:(cuts + p))], cuts - 1)
    diff(c(0, plogis(a - as.vector(slopes %*% xi)), 1))
  }
  theta <- c(m$alpha, m$beta, rep(0, q * (cuts - 1)))
  u <- 0; information <- 0
  for (i in seq_along(y)) {
    g <- jacobian(function(t) probabilities(t, x[i, ]), theta); pr <- probabilities(theta, x[i, ])
    u <- u + g[y[i], ] / pr[y[i]]
    information <- information + t(g) %*% (g / pr)
  }
  s <- as.numeric(t(u) %*% solve(information) %*% u); df <- q * (cuts - 1)
  c(statistic = s, df = df, p = pchisq(s, df, lower.tail = FALSE))
}

cheese <- rbind(c(0,0,1,7,8,8,19,8,1), c(6,9,12,11,7,6,1,0,0), c(1,1,6,8,23,7,5,1,0), c(0,0,0,1,3,7,14,16,11))
y <- rep(rep(1:9, 4), as.vector(t(cheese)))
print(score_test(y, model.matrix(~ factor(rep(1:4, each = 52)))[, -1]), digits = 9)

ses <- c(1,1,1,1,0,1,0,1,1,1,0,0, 1,0,1,0,1,1,0,1,1,0,1,1, 0,1,0,0,1,0,0, 1,1,1,0,0,0,1,0,0)
life <- c(1,9,4,3,2,0,1,3,3,7,1,2, 5,6,3,1,8,2,5,5,9,3,3,1, 0,4,3,9,6,4,3, 8,2,7,5,4,4,8,8,9)
y <- rep(1:4, c(12, 12, 7, 9))
print(score_test(y, cbind(ses, life)), digits = 9)
print(score_test(y, cbind(ses, life), 1), digits = 9)
print(score_test(y, cbind(ses, life), 2), digits = 9)
