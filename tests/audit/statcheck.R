# Verdicts of R's statcheck 1.4.0 on sentences with a test and its p, for tests/audit/test_consistency.py.
# Rscript tests/audit/statcheck.R > tests/audit/statcheck.csv

library(statcheck)

forms <- list(
  t = list("t(%s) = %s", c("17", "28", "91"), c("0.45", "1.02", "1.70", "-1.98", "2.20", "-3.91")),
  F = list("F(%s) = %s", c("1, 90", "2, 28", "4, 87"), c("0.98", "2.20", "3.10", "4.01", "11.50")),
  r = list("r(%s) = %s", c("28", "90"), c(".08", ".21", "-.34", ".52")),
  chi2 = list("chi2(%s) = %s", c("1", "4", "28"), c("2.20", "3.85", "9.49", "41.30", "52.20")),
  z = list("z%s = %s", "", c("0.31", "1.64", "-1.96", "2.58", "3.30")),
  Q = list("Q(%s) = %s", c("3", "28"), c("2.20", "7.90", "52.20"))
)
exact <- function(test, df, x) {
  n <- as.numeric(strsplit(df, ", ")[[1]])
  x <- abs(as.numeric(x))
  switch(test,
    t = 2 * pt(-x, n), F = pf(x, n[1], n[2], lower.tail = FALSE), z = 2 * pnorm(-x),
    r = 2 * pt(-x * sqrt(n / (1 - x^2)), n), pchisq(x, n, lower.tail = FALSE)
  )
}
plain <- function(p, digits) sub("^0", "", sprintf(paste0("%.", digits, "f"), p))
rows <- list()
for (test in names(forms)) for (df in forms[[test]][[2]]) for (x in forms[[test]][[3]]) {
  p <- exact(test, df, x)
  said <- c(
    paste("=", plain(p, 2)), paste("=", plain(p, 3)), paste("=", plain(p + 0.002, 3)),
    paste("=", plain(min(p + 0.02, 0.99), 2)), paste("=", plain(p / 10, 3)), "< .05", "< .01", "> .05"
  )
  for (one in unique(said)) {
    # it finds no z with which a text begins
    text <- paste0("This is so, ", sprintf(forms[[test]][[1]], df, x), ", p ", one, ".")
    capture.output(found <- statcheck(text, messages = FALSE))  # it speaks where it finds nothing
    if (is.data.frame(found) && nrow(found) == 1) {
      rows[[length(rows) + 1]] <- data.frame(
        text, test, df, statistic = x, p = gsub("= | ", "", one),
        error = found$error, decision_error = found$decision_error
      )
    }
  }
}
write.csv(do.call(rbind, rows), stdout(), row.names = FALSE)
