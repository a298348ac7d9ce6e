# R 4.2.2, coin 1.4-2. Run: Rscript tests/statistics/repeated.R
suppressMessages(library(coin))
exact <- function(a, b) pvalue(wilcoxsign_test(a ~ b, distribution = "exact", zero.method = "Wilcoxon"))
print(exact(c(1, 2, 3, 4, 5, 5, 4, 2, 3, 1), c(2, 2, 1, 3, 3, 4, 4, 1, 1, 2)), digits = 10)
print(exact(c(3, 4, 2, 5, 4), c(1, 2, 3, 2, 3)), digits = 10)
# Five of forty differ, all one way.
print(exact(c(rep(1, 35), 2, 2, 3, 2, 4), rep(1, 40)), digits = 10)
# Twenty-four that differ, with ties.
d <- c(1, -1, 2, 2, -3, 1, 1, 4, -2, 2, 3, -1, 1, 2, 1, -1, 2, 3, 1, -2, 1, 1, 4, -1)
print(exact(d + 5, rep(5, 24)), digits = 10)
# The interval of W: Friedman's chi-squared as noncentral. Hollander & Wolfe: 11.142857, df = 2, n = 22
end <- function(p) uniroot(function(l) pchisq(11.142857, 2, l) - p, c(0, 1000), tol = 1e-12)$root
print(c(end(0.975), end(0.025)) / 44, digits = 9)
# Twice as many: the normal approximation.
w <- wilcox.test(rep(d, 2), exact = FALSE, correct = FALSE); print(c(w$statistic, w$p.value), digits = 10)
