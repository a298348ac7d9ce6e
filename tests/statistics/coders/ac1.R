# AC1 with gaps by Gwet's published formula, R 4.2.2, no package. Run: Rscript tests/statistics/coders/ac1.R
# Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., chapter 2: agreement over units that two or
# more rated, prevalence over all units that anybody rated.
ac1 <- function(ratings) {
  kinds <- sort(unique(na.omit(as.vector(ratings))))
  counts <- sapply(kinds, function(k) rowSums(ratings == k, na.rm = TRUE))
  counts <- counts[rowSums(counts) > 0, , drop = FALSE]
  rated <- rowSums(counts); two <- rated > 1
  pa <- mean(rowSums(counts[two, ] * (counts[two, ] - 1)) / (rated[two] * (rated[two] - 1)))
  pi <- colMeans(counts / rated)
  pe <- sum(pi * (1 - pi)) / (length(kinds) - 1)
  c(pa = pa, pe = pe, ac1 = (pa - pe) / (1 - pe))
}
# His example, the data set cac.raw4raters of irrCAC, whose vignette prints AC1 = 0.77544.
published <- matrix(c(
  1, 1, NA, 1, 2, 2, 3, 2, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 1, 2, 3, 4,
  4, 4, 4, 4, 1, 1, 2, 1, 2, 2, 2, 2, NA, 5, 5, 5, NA, NA, 1, 1, NA, NA, 3, NA), 12, byrow = TRUE)
print(ac1(published), digits = 7)
# One code at a time, as by_code has it: "is it the k-th kind", with the same gaps.
for (k in 1:5) print(ac1((published == k) * 1), digits = 9)
