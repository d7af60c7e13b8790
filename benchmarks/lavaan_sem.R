# Times lavaan for bench_sem.py: Rscript lavaan_sem.R ANSWERS MODEL METHOD REPEATS prints JSON.
suppressPackageStartupMessages(library(lavaan))
given <- commandArgs(trailingOnly = TRUE)
answers <- read.csv(given[1])
model <- paste(readLines(given[2]), collapse = "\n")
method <- given[3]
items <- setdiff(names(answers), c("w", "cluster"))

complete <- function(...) {
  fit <- sem(model, answers, ...)
  list(measures = fitMeasures(fit), solution = standardizedSolution(fit), table = parameterEstimates(fit))
}
task <- switch(method,
  ml = function() complete(estimator = "ML"),
  mlr = function() complete(estimator = "MLR"),
  design = function() complete(estimator = "MLR", cluster = "cluster", sampling.weights = "w"),
  fiml = function() complete(estimator = "ML", missing = "fiml"),
  polychoric = function() lavCor(answers[, items], ordered = items, output = "cor")
)
used <- c()
for (k in seq_len(as.integer(given[4]))) {
  before <- proc.time()
  result <- suppressWarnings(task())
  used <- c(used, sum((proc.time() - before)[1:2]))
}
numbers <- function(x) paste0("[", paste(format(as.numeric(x), digits = 12), collapse = ", "), "]")
cat('{"cpu": ', numbers(used), ', "version": "', as.character(packageVersion("lavaan")), '"', sep = "")
if (method == "polychoric") {
  cat(', "figures": {"correlations": ', numbers(result[lower.tri(result)]), "}")
} else {
  own <- result$measures[c("chisq", "cfi", "rmsea")]
  robust <- result$measures["chisq.scaled"]
  rows <- result$solution[result$solution$op == "=~", ]
  fixed <- result$table$op == "=~" & result$table$se > 0
  cat(', "figures": {"chi2": ', numbers(if (method %in% c("mlr", "design")) robust else own["chisq"]),
    ', "cfi": ', numbers(own["cfi"]), ', "loadings": ', numbers(rows$est.std),
    ', "loading errors": ', numbers(rows$se), "}", sep = "")
}
cat("}\n")
