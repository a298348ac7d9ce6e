# Reference values of tests/audit/test_consistency.py: R 4.2.2, base packages only.
# Rscript tests/audit/consistency.R

cat("p-values of the examples of statcheck's own tests\n")
print(c(
  t = 2 * pt(-2.20, 28), F = pf(2.20, 2, 28, lower.tail = FALSE),
  r = 2 * pt(-0.22 * sqrt(28 / (1 - 0.22^2)), 28), z = 2 * pnorm(-2.20),
  chi2 = pchisq(22.20, 28, lower.tail = FALSE), t48 = 2 * pt(-1.02, 48)
), digits = 8)

cat("Wald's interval of the odds ratio of UCBAdmissions, department A, men against women\n")
a <- UCBAdmissions[, , "A"]
b <- log(a[1, 1] * a[2, 2] / (a[1, 2] * a[2, 1]))
se <- sqrt(sum(1 / a))
print(exp(b + c(0, -1, 1) * qnorm(0.975) * se), digits = 6)

cat("mean and sd of 28 answers, and of zeros and ones\n")
x <- c(rep(5, 20), rep(6, 5), rep(4, 2), 8)
print(c(n = length(x), mean = mean(x), sd = sd(x)), digits = 8)
x <- c(rep(1, 12), rep(0, 80))
print(c(n = length(x), mean = mean(x), sd = sd(x)), digits = 8)

cat("every pair of mean and sd that 5 answers from 1 to 4 have, to two decimals\n")
all <- expand.grid(rep(list(1:4), 5))
# sprintf rounds the stored number; none of these lies at a half of the second decimal
pairs <- unique(paste(sprintf("%.2f", rowMeans(all)), sprintf("%.2f", apply(all, 1, sd))))
print(length(pairs))
