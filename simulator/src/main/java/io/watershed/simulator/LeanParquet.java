package io.watershed.simulator;

import io.watershed.archive.encode.DayEncoder;
import io.watershed.archive.encode.EncodeOutcome;
import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.payload.UnlistedPaths;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.FileSums.ShardSums;
import io.watershed.reservoir.table.NewDataFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/**
 * A cheap stand-in for the encoder: files with a true Parquet footer (columns, ids, bounds, sums),
 * which is all that the table and its readers look at, around rows in a form of our own, which only
 * {@link #rows} reads.
 *
 * <p>A payload {@code {"c":3,…}} needs a column {@code c3}, so that tables grow columns too.
 */
final class LeanParquet implements DayEncoder {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final String COLUMN_FIELD = "{\"c\":";

  @Override
  public EncodeOutcome encode(
      LocalDate day,
      List<StreamRecord> records,
      PayloadSchema schema,
      List<ShardSums> sums,
      Path file) {
    PayloadSchema grown = grown(schema, records);
    if (!grown.equals(schema)) {
      return new EncodeOutcome.NeedsColumns(grown);
    }
    try {
      byte[] bytes = bytes(records, schema, new FileSums(sums, List.of()));
      Files.write(file, bytes);
      NewDataFile made = new NewDataFile(file, day, records.size());
      return new EncodeOutcome.Encoded(made, bytes.length, UnlistedPaths.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The payload that needs this column. */
  static byte[] payload(int column, long number) {
    return (COLUMN_FIELD + column + ",\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8);
  }

  /** The rows of a file. */
  static List<StreamRecord> rows(byte[] file) {
    List<StreamRecord> rows = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(
            new ByteArrayInputStream(file, MAGIC.length, file.length - MAGIC.length))) {
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        ShardKey shard = new ShardKey(in.readUTF(), in.readUTF());
        ShardPosition position = new ShardPosition(new SequenceNumber(in.readUTF()), in.readLong());
        String key = in.readUTF();
        Instant arrival = Instant.ofEpochMilli(in.readLong());
        byte[] payload = new byte[in.readInt()];
        in.readFully(payload);
        rows.add(new StreamRecord(shard, position, key, arrival, payload));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private static PayloadSchema grown(PayloadSchema schema, List<StreamRecord> records) {
    TreeSet<String> wanted = new TreeSet<>();
    for (StreamRecord record : records) {
      String payload = new String(record.payload(), StandardCharsets.UTF_8);
      if (payload.startsWith(COLUMN_FIELD)) {
        wanted.add("c" + payload.substring(COLUMN_FIELD.length(), payload.indexOf(',')));
      }
    }
    schema.columns().forEach(column -> wanted.remove(column.name()));
    if (wanted.isEmpty()) {
      return schema;
    }
    List<PayloadColumn> columns = new ArrayList<>(schema.columns());
    wanted.forEach(
        name -> columns.add(new PayloadColumn(name, ColumnType.LONG, name, 0, List.of())));
    return new PayloadSchema(columns);
  }

  private static byte[] bytes(List<StreamRecord> records, PayloadSchema schema, FileSums sums)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(MAGIC);
    out.writeInt(records.size());
    for (StreamRecord record : records) {
      out.writeUTF(record.shard().incarnation());
      out.writeUTF(record.shard().shardId());
      out.writeUTF(record.position().sequenceNumber().padded());
      out.writeLong(record.position().subSequenceNumber());
      out.writeUTF(record.partitionKey());
      out.writeLong(record.arrivalTime().toEpochMilli());
      out.writeInt(record.payload().length);
      out.write(record.payload());
    }
    int footerAt = bytes.size();
    Util.writeFileMetaData(footer(records, schema, sums, footerAt), bytes);
    byte[] length =
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(bytes.size() - footerAt)
            .array();
    bytes.write(length);
    bytes.write(MAGIC);
    return bytes.toByteArray();
  }

  private static FileMetaData footer(
      List<StreamRecord> records, PayloadSchema schema, FileSums sums, int dataEnd) {
    List<Column> columns = columns(records, schema);
    List<SchemaElement> elements = new ArrayList<>();
    elements.add(new SchemaElement("archive").setNum_children(columns.size()));
    columns.forEach(column -> elements.add(column.element()));
    RowGroup group =
        new RowGroup(
            columns.stream().map(column -> column.chunk(records.size())).toList(),
            dataEnd,
            records.size());
    List<RowGroup> groups = records.isEmpty() ? List.of() : List.of(group);
    return new FileMetaData(2, elements, records.size(), groups)
        .setKey_value_metadata(List.of(new KeyValue(FileSums.FOOTER_KEY).setValue(sums.toJson())));
  }

  private static List<Column> columns(List<StreamRecord> records, PayloadSchema schema) {
    List<Column> columns = new ArrayList<>();
    for (SystemColumn column : SystemColumn.all()) {
      if (column.required()) {
        columns.add(
            new Column(
                column.columnName(),
                column.fieldId(),
                column.type(),
                true,
                bounds(column, records)));
      }
    }
    for (PayloadColumn column : schema.columns()) {
      columns.add(
          new Column(
              column.name(), column.fieldId(), SystemColumn.Type.LONG, false, Optional.empty()));
    }
    return columns;
  }

  private static Optional<Bounds> bounds(SystemColumn column, List<StreamRecord> records) {
    return switch (column) {
      case INCARNATION -> textBounds(records, record -> record.shard().incarnation());
      case SHARD_ID -> textBounds(records, record -> record.shard().shardId());
      case SEQUENCE_NUMBER ->
          textBounds(records, record -> record.position().sequenceNumber().padded());
      case ARRIVAL_TIME -> timeBounds(records);
      default -> Optional.empty();
    };
  }

  private static Optional<Bounds> textBounds(
      List<StreamRecord> records, Function<StreamRecord, String> text) {
    TreeSet<String> texts = new TreeSet<>();
    records.forEach(record -> texts.add(text.apply(record)));
    return texts.isEmpty()
        ? Optional.empty()
        : Optional.of(new Bounds(utf8(texts.first()), utf8(texts.last())));
  }

  private static Optional<Bounds> timeBounds(List<StreamRecord> records) {
    Optional<Instant> first =
        records.stream().map(StreamRecord::arrivalTime).min(Comparator.naturalOrder());
    Optional<Instant> last =
        records.stream().map(StreamRecord::arrivalTime).max(Comparator.naturalOrder());
    return first.flatMap(from -> last.map(to -> new Bounds(micros(from), micros(to))));
  }

  private static ByteBuffer micros(Instant time) {
    return ByteBuffer.allocate(Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, time))
        .flip();
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private record Bounds(ByteBuffer min, ByteBuffer max) {}

  private record Column(
      String name, int id, SystemColumn.Type type, boolean required, Optional<Bounds> bounds) {
    SchemaElement element() {
      SchemaElement element =
          new SchemaElement(name)
              .setType(physical())
              .setField_id(id)
              .setRepetition_type(
                  required ? FieldRepetitionType.REQUIRED : FieldRepetitionType.OPTIONAL);
      if (type == SystemColumn.Type.TEXT) {
        element.setConverted_type(ConvertedType.UTF8);
        element.setLogicalType(LogicalType.STRING(new org.apache.parquet.format.StringType()));
      }
      if (type == SystemColumn.Type.TIMESTAMPTZ) {
        element.setConverted_type(ConvertedType.TIMESTAMP_MICROS);
        element.setLogicalType(
            LogicalType.TIMESTAMP(
                new TimestampType(
                    true, TimeUnit.MICROS(new org.apache.parquet.format.MicroSeconds()))));
      }
      return element;
    }

    ColumnChunk chunk(long rows) {
      Statistics statistics = new Statistics().setNull_count(required ? 0 : rows);
      bounds.ifPresent(
          known -> {
            statistics.setMin_value(known.min());
            statistics.setMax_value(known.max());
          });
      ColumnMetaData metadata =
          new ColumnMetaData(
                  physical(),
                  List.of(Encoding.PLAIN),
                  List.of(name),
                  CompressionCodec.UNCOMPRESSED,
                  rows,
                  rows,
                  rows,
                  MAGIC.length)
              .setStatistics(statistics);
      return new ColumnChunk(MAGIC.length).setMeta_data(metadata);
    }

    private Type physical() {
      return switch (type) {
        case TEXT, BINARY -> Type.BYTE_ARRAY;
        case LONG, TIMESTAMPTZ -> Type.INT64;
      };
    }
  }
}
