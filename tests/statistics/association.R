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
