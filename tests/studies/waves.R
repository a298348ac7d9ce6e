# R 4.2.2: what tests/studies/test_waves.py quotes.
smokers <- c(83, 90, 129, 70)
patients <- c(86, 93, 136, 82)
for (score in list(c(1, 2, 3, 4), c(2019, 2021, 2022, 2025))) {
  found <- prop.trend.test(smokers, patients, score)
  cat(sprintf("%.6f %.6f\n", found$statistic, found$p.value))
}
answers <- list(c(3, 5, 4, 8, 6), c(7, 5, 9, 8, 6, 7), c(9, 8, 11, 7))
when <- rep(c(2019, 2021, 2025), lengths(answers))
found <- summary(lm(unlist(answers) ~ when))$coefficients[2, ]
cat(sprintf("%.6f %.8f\n", found["t value"], found["Pr(>|t|)"]))
found <- t.test(answers[[3]], answers[[1]])
cat(sprintf("%.6f %.6f\n", found$conf.int[1], found$conf.int[2]))
