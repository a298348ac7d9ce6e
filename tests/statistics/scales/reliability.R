# R 4.2.2 with its data set `attitude`, psych 2.2.9. Run: Rscript tests/statistics/scales/reliability.R
suppressMessages(library(psych))
a <- alpha(attitude)
print(a$total$raw_alpha, digits = 10)
print(a$item.stats$r.drop, digits = 9)
f <- alpha.ci(a$total$raw_alpha, n.obs = 30, n.var = 7); print(c(f$lower.ci, f$upper.ci), digits = 10)
# One factor by principal axes, on the scale of the ratings.
m <- fa(attitude, 1, fm = "pa", SMC = TRUE, max.iter = 2000, min.err = 1e-12)
s <- apply(attitude, 2, sd); l <- m$loadings[, 1]
print(sum(l * s)^2 / (sum(l * s)^2 + sum((1 - l^2) * s^2)), digits = 10)
