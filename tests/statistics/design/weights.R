# What tests/statistics/design/ expects. R 4.2.2, survey 4.1.1.  Rscript weights.R
library(survey)
options(digits = 10)
made <- read.csv("sample.csv", na.strings = "")  # made up: tests/statistics/design/sample.csv
full <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, fpc = ~population,
                  data = made, nest = TRUE)
plain <- svydesign(ids = ~1, weights = ~weight, data = made)
for (d in list(full, plain)) {
  print(degf(d))
  print(SE(svymean(~hours, d, na.rm = TRUE)))
  print(SE(svymean(~size, d, na.rm = TRUE)))
  for (level in levels(factor(made$size)))
    print(c(level, format(confint(svyciprop(as.formula(sprintf("~I(size == '%s')", level)), d, na.rm = TRUE)), digits = 10)))
  print(prop.table(svytable(~size + knows, d)))
  f <- svychisq(~size + knows, d); print(f$statistic); print(f$parameter); print(f$p.value, digits = 10)
  two <- subset(d, !is.na(size))
  print(SE(svymean(~I((size == "small") - (knows == "yes")), two)))
}
raked <- rake(svydesign(ids = ~1, weights = ~1, data = subset(made, !is.na(size))), list(~size, ~knows),
  list(data.frame(size = c("large", "medium", "small"), Freq = c(5, 15, 36)),
       data.frame(knows = c("no", "yes"), Freq = c(20, 36))), control = list(epsilon = 1e-12, maxit = 1000))
print(head(weights(raked), 8))
