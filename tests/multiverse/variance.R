# Reference for shares_of_variance: R 4.2.2, the mean over all orders of a factor's sequential sum of squares.
d <- data.frame(
  cut = c("a", "a", "a", "b", "b", "b", "c", "c"), test = c("x", "y", "y", "x", "y", "x", "x", "y"),
  kept = c("u", "v", "u", "v", "u", "v", "u", "u"), effect = c(.31, .12, .27, -.05, .4, .22, .08, .19)
)
orders <- list(c(1, 2, 3), c(1, 3, 2), c(2, 1, 3), c(2, 3, 1), c(3, 1, 2), c(3, 2, 1))
found <- c(cut = 0, test = 0, kept = 0)
for (o in orders) {
  terms <- names(found)[o]
  table <- anova(lm(reformulate(terms, "effect"), d))
  found[terms] <- found[terms] + table[terms, "Sum Sq"] / 6
}
print(round(found / sum((d$effect - mean(d$effect))^2), 6))
