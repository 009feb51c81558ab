# Labels with a probability for each of thousands of classes, as a run writes them, are read.
awk 'BEGIN {
  for (i = 0; i < 4; i++) {
    printf "{\"id\":\"%d\",\"text\":\"word%d\",\"probs\":{", i, i % 2
    for (k = 0; k < 4200; k++) printf "%s\"c%d\":%d", k ? "," : "", k, k == i % 2
    print "}}"
  }
}' >labels.jsonl
weaksup train --labels labels.jsonl --recipe plain --out out | grep "^labels"
