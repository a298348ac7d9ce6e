# Two one-sided tests by inverting intervals, from R's own functions: Rscript tests/statistics/equivalence.R
wilson <- function(x, n, level) as.numeric(prop.test(x, n, conf.level = level, correct = FALSE)$conf.int)
newcombe <- function(x1, n1, x2, n2, level) {
  a <- wilson(x1, n1, level); b <- wilson(x2, n2, level); p1 <- x1 / n1; p2 <- x2 / n2
  100 * (p1 - p2 + c(-sqrt((p1 - a[1])^2 + (b[2] - p2)^2), sqrt((a[2] - p1)^2 + (p2 - b[1])^2)))
}
bonett <- function(f12, f21, n, level) {
  p <- (f12 + 1) / (n + 2); q <- (f21 + 1) / (n + 2)
  100 * (p - q + c(-1, 1) * qnorm((1 + level) / 2) * sqrt((p + q - (p - q)^2) / (n + 2)))
}
tost <- function(ends, bound) {
  at <- function(side, edge) uniroot(function(a) ends(1 - 2 * a)[side] - edge, c(1e-9, .4999), tol = 1e-12)$root
  max(at(1, -bound), at(2, bound))
}
show <- function(name, ends, bound) cat(name, format(c(tost(ends, bound), ends(.9)), digits = 7), "\n")
show("difference", function(l) newcombe(52, 100, 50, 100, l), 15)
show("paired", function(l) bonett(9, 7, 92, l), 12)

# tau-b: its variance without any relation, from Kendall's formula for ties; ends as roots of the score.
x <- rep(1:4, c(20, 40, 25, 15)); set.seed(3); y <- sample(rep(1:3, c(30, 50, 20)))
tau <- cor(x, y, method = "kendall"); n <- length(x)
f <- function(t, g) sum(g(as.numeric(t)))
s <- function(g) c(f(table(x), g), f(table(y), g))
p2 <- s(function(t) t * (t - 1)); p3 <- s(function(t) t * (t - 1) * (t - 2)); p5 <- s(function(t) t * (t - 1) * (2 * t + 5))
v0 <- (n * (n - 1) * (2 * n + 5) - sum(p5)) / 18 + prod(p2) / (2 * n * (n - 1)) + prod(p3) / (9 * n * (n - 1) * (n - 2))
v <- v0 / prod((n * (n - 1) - p2) / 2)
score <- function(level) {
  z <- qnorm((1 + level) / 2)
  root <- function(a, b) uniroot(function(t) abs(tau - t) - z * sqrt(v * (1 - t^2)), c(a, b), tol = 1e-12)$root
  c(root(-1, tau), root(tau, 1))
}
cat(paste(y, collapse = ""), "\n")
show("tau-b", score, .2)

# TOSTER's documented example (TOSTtwo.prop): .65 and .70 of 100 each, bounds -.1 and .1, Wald's interval.
d <- -.05; se <- sqrt(.65 * .35 / 100 + .7 * .3 / 100)
cat("TOSTER", format(c(pnorm((.1 + d) / se, lower.tail = FALSE), 100 * (d + c(-1, 1) * qnorm(.95) * se)), digits = 5), "\n")
