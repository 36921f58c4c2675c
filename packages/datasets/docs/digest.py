"""Content digests of tables, format 1, as digest.md says. Standard library only.

    python3 digest.py digest-vectors.json    prints each vector's name and digest; ends with 1 when one differs
"""

import hashlib
import json
import struct
import sys

TYPE_NUMBERS = {"double": 701, "long": 20, "boolean": 16, "string": 25, "datetime": 1184}
MICROSECONDS_TO_2000 = 946_684_800_000_000


def sha256(content):
    return hashlib.sha256(content).digest()


def value_bytes(value, column_type):
    if column_type == "double":
        return struct.pack(">d", float(value) + 0.0)
    if column_type == "long":
        return struct.pack(">q", value)
    if column_type == "boolean":
        return b"\x01" if value else b"\x00"
    if column_type == "datetime":
        return struct.pack(">q", value - MICROSECONDS_TO_2000)
    return value.encode("utf-8")


def row_hash(row, columns):
    parts = [struct.pack(">i", len(columns))]
    for value, (_, column_type) in zip(row, columns):
        parts.append(struct.pack(">i", TYPE_NUMBERS[column_type]))
        if value is None:
            parts.append(struct.pack(">i", -1))
        else:
            content = value_bytes(value, column_type)
            parts.append(struct.pack(">i", len(content)) + content)
    return sha256(b"".join(parts))


def table_digest(columns, rows):
    buckets = [[] for _ in range(256)]
    for row in rows:
        hashed = row_hash(row, columns)
        buckets[hashed[0]].append(hashed)
    header = json.dumps(["slipway-digest", 1, columns], separators=(",", ":"), ensure_ascii=False)
    total = hashlib.sha256(header.encode("utf-8"))
    total.update(struct.pack(">q", len(rows)))
    for bucket in buckets:
        total.update(sha256(b"".join(sorted(bucket))))
    return total.hexdigest()


def main(path):
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)["vectors"]
    failed = 0
    for vector in vectors:
        digest = table_digest(vector["columns"], vector["rows"])
        failed += digest != vector["digest"]
        print(f"{digest}  {vector['name']}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
