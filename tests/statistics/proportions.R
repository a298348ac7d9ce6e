# R 4.2.2, no package. Run: Rscript tests/statistics/proportions.R
# Power of Fisher's exact test in two groups of 46, 50% against 79.5% and 79.4%: from 80% on.
power <- function(n, p1, p2) {
  total <- 0
  for (a in 0:n) for (b in 0:n)
    if (fisher.test(matrix(c(a, n - a, b, n - b), 2))$p.value <= 0.05)
      total <- total + dbinom(a, n, p1) * dbinom(b, n, p2)
  total
}
print(c(power(46, 0.5, 0.794), power(46, 0.5, 0.795)), digits = 9)
# Wilson's interval of a finite population: the shares whose hypergeometric variance leaves p at z.
finite <- function(k, n, N, level) {
  p <- k / n; z <- qnorm((1 + level) / 2)
  gap <- function(P) abs(p - P) - z * sqrt(P * (1 - P) / n * (N - n) / (N - 1))
  c(if (k == 0) 0 else uniroot(gap, c(0, p), tol = 1e-13)$root,
    if (k == n) 1 else uniroot(gap, c(max(p, 1e-9), 1), tol = 1e-13)$root)
}
for (x in list(c(12, 92, 400), c(0, 20, 50), c(45, 100, 300))) print(100 * finite(x[1], x[2], x[3], .95), digits = 10)
# The exact one, by trying every count of the population.
exact <- function(k, n, N, level) {
  M <- k:(N - n + k); a <- (1 - level) / 2
  range(M[phyper(k - 1, M, N - M, n, lower.tail = FALSE) > a & phyper(k, M, N - M, n) > a])
}
for (x in list(c(12, 92, 400), c(0, 20, 50), c(45, 100, 300), c(20, 20, 50))) print(exact(x[1], x[2], x[3], .95))
# Package survey 4.1.1: the half width of a share of 50% is that of svymean with fpc, but for t and z.
library(survey, warn.conflicts = FALSE)
d <- data.frame(y = rep(0:1, 200), N = 1000)
print(100 * qnorm(.975) * SE(svymean(~y, svydesign(~1, data = d, fpc = ~N))), digits = 8)
