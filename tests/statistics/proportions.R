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
