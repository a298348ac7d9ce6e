# Writes survey's own example data, and what survey makes of them.  Rscript api.R FOLDER
library(survey)
data(api)
folder <- commandArgs(TRUE)[1]
apiclus2$fpc <- apiclus2$fpc1
for (name in c("apistrat", "apiclus1", "apiclus2")) {
  data <- get(name)
  ids <- if (name == "apistrat") ~1 else ~dnum
  strata <- if (name == "apistrat") ~stype else NULL
  d <- svydesign(ids = ids, strata = strata, weights = ~pw, fpc = ~fpc, data = data)
  f <- svychisq(~stype + sch.wide, d)
  m <- svymean(~api00, d)
  p <- svyciprop(~I(stype == "E"), d)
  if (name == "apistrat") p <- svyciprop(~I(sch.wide == "Yes"), d)
  e <- confint(p)
  deff <- nrow(data) * sum(data$pw^2) / sum(data$pw)^2
  expected <- c(coef(m), SE(m), coef(p), e, f$statistic, f$parameter, f$p.value, degf(d), deff)
  write.table(format(expected, digits = 12), file.path(folder, paste0(name, ".txt")),
              row.names = FALSE, col.names = FALSE, quote = FALSE)
  write.csv(data[, c("dnum", "stype", "sch.wide", "pw", "fpc", "api00")],
            file.path(folder, paste0(name, ".csv")), row.names = FALSE)
}
