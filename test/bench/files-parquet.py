"""Writes files of one column of float32 each: count, then their names. As pandas does: Snappy, a dictionary where it pays."""

import pathlib
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

count = int(sys.argv[1])
rng = np.random.default_rng(7)
for file in sys.argv[2:]:
    schema = pa.schema([(pathlib.Path(file).stem, pa.float32())])
    with pq.ParquetWriter(file, schema) as writer:
        for start in range(0, count, 2**20):
            numbers = 1 + rng.random(min(2**20, count - start), dtype=np.float32)
            writer.write_table(pa.table([pa.array(numbers)], schema))
