# R 4.2.2, no package. Run: Rscript tests/statistics/association.R
# Vote by education (data/anes96, Clinton and Dole): Cochran and Armitage.
clinton <- c(10, 38, 153, 106, 53, 119, 72); dole <- c(3, 14, 95, 81, 37, 108, 55)
print(prop.trend.test(clinton, clinton + dole))
print(chisq.test(rbind(clinton, dole), correct = FALSE))

# Bergsma (2013) and the interval from the noncentral chi-squared distribution (Smithson 2003).
bergsma <- function(t) {
  n <- sum(t); r <- nrow(t); c <- ncol(t); df <- (r - 1) * (c - 1)
  x <- suppressWarnings(chisq.test(t, correct = FALSE)$statistic)
  v <- sqrt(max(0, x / n - df / (n - 1)) / (min(r - (r - 1)^2 / (n - 1), c - (c - 1)^2 / (n - 1)) - 1))
  end <- function(p) uniroot(function(l) pchisq(x, df, l) - p, c(0, 1000), tol = 1e-12)$root
  low <- if (pchisq(x, df) <= 0.975) 0 else end(0.975)
  c(v, sqrt(c(low, end(0.025)) / (n * (min(r, c) - 1))))
}
job <- rbind(c(1, 3, 10, 6), c(2, 3, 10, 7), c(1, 6, 14, 12), c(0, 1, 9, 11))
print(bergsma(10 * job), digits = 9)
print(bergsma(rbind(clinton, dole)), digits = 9)

# Mean positions of three rows on four ordered columns: n times the share of variance between them.
t <- rbind(c(10, 12, 8, 6), c(6, 9, 12, 9), c(5, 6, 9, 16))
x <- rep(col(t), t); g <- factor(rep(row(t), t))
a <- anova(lm(x ~ g)); q <- length(x) * a[1, 2] / sum(a[, 2])
print(c(q, pchisq(q, 2, lower.tail = FALSE)), digits = 9)
# The error of chi-squared by the delta method, its slopes by differences, and the widened interval.
widened <- function(t, level = .95) {
  n <- sum(t); p <- as.vector(t) / n; m <- min(dim(t)) - 1; df <- prod(dim(t) - 1)
  phi <- function(p) { q <- matrix(p, nrow(t)); q <- q / sum(q); e <- outer(rowSums(q), colSums(q)); sum((q - e)^2 / e) }
  slope <- sapply(seq_along(p), function(i) { h <- replace(0 * p, i, 1e-6); (phi(p + h) - phi(p - h)) / 2e-6 })
  error <- sqrt(n * (sum(p * slope^2) - sum(p * slope)^2))
  x <- n * phi(p); middle <- max(0, x - df); f <- max(1, error / sqrt(2 * df + 4 * middle))
  ncp <- function(x, q) if (pchisq(x, df) <= q) 0 else uniroot(function(l) pchisq(x, df, l) - q, c(0, 999), tol = 1e-10)$root
  ends <- c(ncp(x, (1 + level) / 2), ncp(max(x, df), (1 - level) / 2))
  c(f, sqrt(pmax(0, middle + (ends - middle) * f) / n / m))
}
vote <- rbind(c(10, 38, 153, 106, 53, 119, 72), c(3, 14, 95, 81, 37, 108, 55))
print(widened(vote), digits = 9)
print(widened(rbind(c(40, 6, 2), c(5, 20, 1), c(1, 2, 15))), digits = 9)


# phi of four cells, and its interval: the variance as Bishop, Fienberg & Holland (1975, p. 381) print it.
phi <- function(t) {
  p <- t / sum(t); r <- rowSums(p); k <- colSums(p)
  f <- (p[1, 1] * p[2, 2] - p[1, 2] * p[2, 1]) / sqrt(prod(r, k)); a <- r[1] - r[2]; b <- k[1] - k[2]
  v <- 1 - f^2 + f * (1 + f^2 / 2) * a * b / sqrt(prod(r, k)) -
    0.75 * f^2 * (a^2 / prod(r) + b^2 / prod(k))
  c(f, v / sum(t))
}
for (t in list(rbind(c(47, 23), c(1, 11)), rbind(c(0, 5), c(5, 20)))) {
  near <- phi(t + 0.5)
  half <- qnorm(0.975) * sqrt(near[2]) / (1 - near[1]^2)
  x <- rep(c(1, 1, 0, 0), c(t(t))); y <- rep(c(1, 0, 1, 0), c(t(t)))
  print(c(cor(x, y), phi(t)[1], tanh(atanh(near[1]) + c(-half, half))), digits = 9)
}
