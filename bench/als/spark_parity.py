"""Explicit ALS beside Spark's: the same splits in, the same test error out, within one per cent over five seeds.

usage: spark_parity.py EXPLICIT_RMSE

Makes up a history of the original's shape (1,000 customers, 51 items, about 42,900 pairs with quantities), splits it
80/20 by each seed, trains both with the original's settings (rank 10, 10 iterations, regularisation 0.01) and prints
FIGURE lines. Needs Java and `pip install pyspark numpy`; without them it ends with 77 and says that the figure is
unverified.
"""
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import mean

SEEDS = range(1, 6)


def history():
    chance = random.Random(7)
    taste = [[chance.gauss(0, 0.4) for _ in range(3)] for _ in range(1000)]
    kind = [[chance.gauss(0, 0.8) for _ in range(3)] for _ in range(51)]
    for customer in range(1000):
        for item in range(51):
            if chance.random() < 0.842:
                level = 4 + sum(a * b for a, b in zip(taste[customer], kind[item]))
                yield customer, item, max(1, round(chance.gauss(level * (1 + item % 5 / 4), 1.5)))


def write(path, rows):
    path.write_text("".join(f"{a} {b} {c}\n" for a, b, c in rows))


def of_spark(spark, als, evaluator, train, test):
    columns = "customer int, item int, quantity float"
    frames = [spark.createDataFrame([(a, b, float(c)) for a, b, c in rows], columns) for rows in (train, test)]
    return evaluator.evaluate(als.fit(frames[0]).transform(frames[1]))


def main(program):
    try:
        from pyspark.ml.evaluation import RegressionEvaluator
        from pyspark.ml.recommendation import ALS
        from pyspark.sql import SparkSession
        spark = (SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
                 .config("spark.sql.shuffle.partitions", "2").getOrCreate())
    except Exception as missing:  # not installed, or no Java: either way there is nothing to compare with
        print(f"als.spark_rmse is unverified: PySpark cannot be had here ({type(missing).__name__})")
        sys.exit(77)
    spark.sparkContext.setLogLevel("ERROR")
    rows = list(history())
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for seed in SEEDS:
            chance = random.Random(seed)
            train, test = [], []
            for row in rows:
                (train if chance.random() < 0.8 else test).append(row)
            files = [Path(folder) / "train", Path(folder) / "test"]
            write(files[0], train)
            write(files[1], test)
            answer = subprocess.run([program, *map(str, files), str(seed)], check=True, capture_output=True, text=True)
            ours.append(float(answer.stdout.split()[0]))
            als = ALS(rank=10, maxIter=10, regParam=0.01, userCol="customer", itemCol="item", ratingCol="quantity",
                      coldStartStrategy="drop", seed=seed)
            evaluator = RegressionEvaluator(metricName="rmse", labelCol="quantity", predictionCol="prediction")
            theirs.append(of_spark(spark, als, evaluator, train, test))
            print(f"seed {seed}: {len(train)} pairs, ours {ours[-1]:.4f}, Spark {theirs[-1]:.4f}", flush=True)
    spark.stop()
    away = abs(mean(ours) / mean(theirs) - 1) * 100
    met = "yes" if away <= 1 else "no"
    print(f"FIGURE als.spark_rmse value={mean(ours):.4g} unit=items rival=spark:{mean(theirs):.4f}")
    print(f"FIGURE als.spark_rmse_difference value={away:.3g} unit=% goal=<=1 rival=spark:{mean(theirs):.4f} ok={met}")
    sys.exit(0 if met == "yes" else 1)


if __name__ == "__main__":
    main(sys.argv[1])
