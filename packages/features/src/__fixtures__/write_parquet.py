"""Writes the Parquet files of the tests with pyarrow (made with 25.0.1): python write_parquet.py"""
import datetime as dt
import pyarrow as pa
import pyarrow.parquet as pq

utc = dt.timezone.utc
flat = pa.table({
    "store": pa.array([1, 2, 3, 4, 5], pa.int64()),
    "at": pa.array([dt.datetime(2026, 1, 1, 0, 0, 0, n, utc) for n in range(1, 6)], pa.timestamp("us", "UTC")),
    "day": pa.array([dt.date(1969, 12, 31), dt.date(1970, 1, 2), None, dt.date(2026, 3, 1), dt.date(2026, 3, 1)]),
    "kind": pa.array(["small", "gr\u00f6\u00dfer \U0001f600", None, "", "small"]),
    "sales": pa.array([0.1, -2.5e300, None, 5e-324, 0.0], pa.float64()),
    "pieces": pa.array([1, None, -3, 2**31 - 1, 0], pa.int32()),
    "open": pa.array([True, False, None, True, True]),
})
for codec in ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]:
    pq.write_table(flat, f"flat-{codec}.parquet", compression=codec, row_group_size=2)
pq.write_table(flat, "flat-old.parquet", version="1.0", use_dictionary=False, use_deprecated_int96_timestamps=True)

many = pa.table({
    "store": pa.array(range(1000), pa.int64()),
    "sales": pa.array([None if n % 7 == 0 else n / 8 for n in range(1000)], pa.float64()),
    "kind": pa.array([f"k{n % 3}" for n in range(1000)]),
}, schema=pa.schema([pa.field("store", pa.int64(), nullable=False), ("sales", pa.float64()), pa.field("kind", pa.string(), nullable=False)]))
pq.write_table(many, "many-pages.parquet", row_group_size=700, data_page_size=512, write_batch_size=50, use_dictionary=["kind"])

odd = {
    "longs": pa.array([1, 2**53 - 1, 2**53, -2**63], pa.int64()),
    "doubles": pa.array([1.0, float("nan"), float("inf"), None]),
    "texts": pa.array([b"ok", b"\xff\xfe", b"a\x00b", None], pa.binary()),
    "times": pa.array([1_000, 1_001, None, 2**63 - 1], pa.timestamp("ns")),
}
pq.write_table(pa.table(odd), "odd-values.parquet")
wrong = {
    "store": pa.array([1], pa.int64()),
    "list": pa.array([[1, 2]]),
    "struct": pa.array([{"a": 1}]),
    "price": pa.array([1], pa.decimal128(9, 2)),
    "surplus": pa.array([1]),
}
pq.write_table(pa.table(wrong), "wrong-columns.parquet")
