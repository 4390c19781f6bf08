package io.watershed.core.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.consumer.Position;
import io.watershed.core.config.AvroSettings;
import io.watershed.core.config.AvroSettings.Frame;
import io.watershed.core.config.DeclaredSchema;
import io.watershed.core.config.PayloadSettings.Compression;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Avro data as Avro's own writer makes it, and as nobody should. */
final class AvroShredderTest {
  private static final Schema ORDER =
      schema(
          """
          {"type":"record","name":"Order","fields":[
            {"name":"id","type":"long"},
            {"name":"count","type":"int"},
            {"name":"paid","type":"boolean"},
            {"name":"price","type":"double"},
            {"name":"weight","type":"float"},
            {"name":"note","type":["null","string"]},
            {"name":"kind","type":{"type":"enum","name":"Kind","symbols":["NEW","USED"]}},
            {"name":"any","type":["null","long","string",{"type":"array","items":"int"}]},
            {"name":"amount","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
            {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
            {"name":"raw","type":"bytes"},
            {"name":"hash","type":{"type":"fixed","name":"Hash","size":4}},
            {"name":"tags","type":{"type":"map","values":"double"}},
            {"name":"customer","type":{"type":"record","name":"Customer","fields":[
              {"name":"city","type":"string"},{"name":"parent","type":["null","Customer"]}]}}
          ]}""");

  @Test
  void everyTypeIsAColumnExactlyOrNone() throws IOException {
    Map<String, Object> values = values(order(7), ORDER);
    assertThat(values)
        .containsOnlyKeys(
            "id",
            "count",
            "paid",
            "price",
            "weight",
            "note",
            "kind",
            "any",
            "amount",
            "at",
            "tags",
            "customer",
            "customer.city",
            "customer.parent",
            "customer.parent.city")
        .containsEntry("id", Long.MIN_VALUE + 7)
        .containsEntry("count", -7L)
        .containsEntry("paid", true)
        .containsEntry("price", 0.1)
        .containsEntry("weight", (double) 0.1f)
        .containsEntry("note", "gr\u00f6\u00dfe \ud834\udd1e")
        .containsEntry("kind", "USED")
        .containsEntry("any", "[1,-2]")
        .containsEntry("amount", "-12.30")
        .containsEntry("at", 1_700_000_000_000L)
        .containsEntry("tags", "{\"a\":1.5}")
        .containsEntry("customer.parent.city", "Rom");
  }

  @Test
  void bytesAndNumbersThatAreNoneStayInThePayload() throws IOException {
    GenericData.Record order = order(1);
    order.put("price", Double.NaN);
    order.put("weight", Float.POSITIVE_INFINITY);
    order.put("tags", Map.of("x", Double.NaN));
    byte[] payload = write(order);
    PayloadFormat format = format(ORDER);
    Shredder shredder =
        format.shredder(PayloadLayout.of(PayloadSchema.EMPTY), SchemaSettings.DEFAULTS);
    assertThat(shredder.shred(payload).decodeError()).isNull();
    assertThat(UnlistedPaths.of(shredder.observations(), SchemaSettings.DEFAULTS).texts())
        .contains("$.price none", "$.weight none", "$.tags none", "$.raw none", "$.hash none")
        .contains("$.id long", "$.amount text", "$.customer struct", "$.customer.city text");
    assertThat(values(order, ORDER)).doesNotContainKeys("price", "weight", "tags", "raw", "hash");
  }

  @Test
  void aUnionMakesSiblings() throws IOException {
    GenericData.Record first = order(1);
    first.put("any", 5L);
    GenericData.Record second = order(1);
    second.put("any", "five");
    PayloadSchema schema = grown(format(ORDER), write(first), write(second), write(order(1)));
    assertThat(schema.columns())
        .extracting(PayloadColumn::name)
        .contains("any", "any__text", "any__json");
  }

  @Test
  void recordsBelowTheDeepestColumnAreJsonText() throws IOException {
    Schema deep = ORDER.getField("customer").schema();
    GenericData.Record record = customer(deep, "c0", null);
    for (int i = 1; i < 8; i++) {
      record = customer(deep, "c" + i, record);
    }
    Map<String, Object> values = values(record, deep);
    assertThat(values.get("parent.parent.parent.parent.parent"))
        .isEqualTo(
            "{\"city\":\"c2\",\"parent\":{\"city\":\"c1\",\"parent\":{\"city\":\"c0\",\"parent\":null}}}");
  }

  /** Random schemas and values, written by Avro, against the values themselves. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void whateverAvroWritesIsReadAsItWas(int seed) throws IOException {
    RandomAvro random = new RandomAvro(seed);
    Schema schema = random.recordSchema(0);
    List<byte[]> payloads = new ArrayList<>();
    List<GenericData.Record> records = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      GenericData.Record record = random.recordOf(schema);
      records.add(record);
      payloads.add(write(record));
    }
    PayloadFormat format = format(schema);
    PayloadLayout layout = PayloadLayout.of(grown(format, payloads.toArray(byte[][]::new)));
    Shredder full = format.shredder(layout, all(layout));
    for (int i = 0; i < records.size(); i++) {
      Map<PayloadPath, Object> expected = new LinkedHashMap<>();
      expect(records.get(i), PayloadPath.ROOT, expected);
      PayloadRow row = full.shred(payloads.get(i));
      assertThat(row.decodeError()).isNull();
      for (PayloadLayout.Slot slot : layout.slots()) {
        Object value = expected.get(slot.path());
        Object fitting = value != null && typeOf(value) == slot.column().type() ? value : null;
        assertThat(plain(row, slot))
            .as(slot.path() + " of " + records.get(i))
            .isEqualTo(shown(fitting));
      }
    }
  }

  @Test
  void aProjectionSeesTheSameErrorsAndValues() throws IOException {
    byte[] good = write(order(3));
    PayloadFormat format = format(ORDER);
    PayloadLayout layout = PayloadLayout.of(grown(format, good));
    BitSet one = new BitSet();
    one.set(2);
    Random random = new Random(5);
    for (int i = 0; i < 4000; i++) {
      byte[] bytes = good.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      if (i % 3 == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 2));
      }
      PayloadRow all = format.shredder(layout, all(layout)).shred(bytes);
      PayloadRow some = format.shredder(layout, one).shred(bytes);
      assertThat(some.decodeError()).isEqualTo(all.decodeError());
      assertThat(plain(some, layout.slots().get(2))).isEqualTo(plain(all, layout.slots().get(2)));
    }
  }

  @Test
  void hostileBytesEndInADecodeError() throws IOException {
    Schema nulls =
        schema(
            "{\"type\":\"record\",\"name\":\"N\",\"fields\":[{\"name\":\"a\",\"type\":{\"type\":\"array\",\"items\":\"null\"}}]}");
    assertThat(error(format(nulls), varints(1L << 40, 0))).isEqualTo(DecodeError.NOT_AVRO);
    assertThat(error(format(nulls), varints(Long.MIN_VALUE, 0, 0))).isEqualTo(DecodeError.NOT_AVRO);
    assertThat(error(format(nulls), varints(5000, 5000, 5000, 0))).isEqualTo(DecodeError.NOT_AVRO);
    Schema nested =
        schema(
            "{\"type\":\"record\",\"name\":\"N\",\"fields\":[{\"name\":\"a\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"array\",\"items\":\"null\"}}}]}");
    long[] bomb = new long[2000];
    Arrays.fill(bomb, 900);
    assertThat(error(format(nested), varints(bomb))).isEqualTo(DecodeError.NOT_AVRO);
    Schema text =
        schema(
            "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}");
    assertThat(error(format(text), varints(Integer.MAX_VALUE))).isEqualTo(DecodeError.NOT_AVRO);
    assertThat(error(format(text), varints(-1))).isEqualTo(DecodeError.NOT_AVRO);
    assertThat(error(format(text), new byte[0])).isEqualTo(DecodeError.NOT_AVRO);
    assertThat(error(format(text), new byte[] {0, 0})).isEqualTo(DecodeError.NOT_AVRO);
    byte[] endless = new byte[11];
    Arrays.fill(endless, (byte) 0xff);
    assertThat(error(format(text), endless)).isEqualTo(DecodeError.NOT_AVRO);
    Schema endlessType =
        schema("{\"type\":\"record\",\"name\":\"E\",\"fields\":[{\"name\":\"e\",\"type\":\"E\"}]}");
    assertThat(error(format(endlessType), new byte[0])).isEqualTo(DecodeError.NOT_AVRO);
    Schema list =
        schema(
            "{\"type\":\"record\",\"name\":\"L\",\"fields\":[{\"name\":\"l\",\"type\":[\"null\",\"L\"]}]}");
    byte[] deep = new byte[100_000];
    Arrays.fill(deep, (byte) 2);
    assertThat(error(format(list), deep)).isEqualTo(DecodeError.NOT_AVRO);
    Schema union = schema("[\"null\",{\"type\":\"record\",\"name\":\"U\",\"fields\":[]}]");
    assertThat(error(format(union), new byte[] {0})).isEqualTo(DecodeError.NOT_A_RECORD);
    assertThat(error(format(union), new byte[] {4})).isEqualTo(DecodeError.NOT_AVRO);
    Schema flag =
        schema(
            "{\"type\":\"record\",\"name\":\"F\",\"fields\":[{\"name\":\"f\",\"type\":\"boolean\"}]}");
    assertThat(error(format(flag), new byte[] {2})).isEqualTo(DecodeError.NOT_AVRO);
  }

  @Test
  void textThatIsNotUtf8StaysInThePayload() {
    Schema text =
        schema(
            "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}");
    Shredder shredder =
        format(text).shredder(PayloadLayout.of(PayloadSchema.EMPTY), SchemaSettings.DEFAULTS);
    assertThat(shredder.shred(new byte[] {2, (byte) 0xff}).decodeError()).isNull();
    assertThat(shredder.observations().seen().get(0).type()).isEmpty();
  }

  @Test
  void framesNameTheSchema() throws IOException {
    byte[] data = write(order(2));
    UUID uuid = UUID.fromString("b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63");
    Map<String, String> schemas =
        Map.of("17", ORDER.toString(), uuid.toString(), ORDER.toString(), "5", "\"int\"", "6", "{");
    byte[] confluent =
        ByteBuffer.allocate(5 + data.length).put((byte) 0).putInt(17).put(data).array();
    PayloadFormat byNumber = framed(Frame.CONFLUENT, schemas);
    assertThat(id(byNumber, confluent)).isEqualTo(Long.MIN_VALUE + 2);
    assertThat(error(byNumber, ByteBuffer.wrap(confluent.clone()).putInt(1, 18).array()))
        .isEqualTo(DecodeError.UNKNOWN_SCHEMA);
    assertThat(error(byNumber, ByteBuffer.wrap(confluent.clone()).putInt(1, 5).array()))
        .isEqualTo(DecodeError.NOT_A_RECORD);
    assertThat(error(byNumber, ByteBuffer.wrap(confluent.clone()).putInt(1, 6).array()))
        .isEqualTo(DecodeError.UNKNOWN_SCHEMA);
    assertThat(error(byNumber, data)).isEqualTo(DecodeError.NO_SCHEMA_ID);
    assertThat(error(byNumber, new byte[4])).isEqualTo(DecodeError.NO_SCHEMA_ID);
    assertThat(error(byNumber, new byte[0])).isEqualTo(DecodeError.EMPTY);

    PayloadFormat byUuid = framed(Frame.GLUE, schemas);
    byte[] plain = glue(0, uuid, data);
    assertThat(id(byUuid, plain)).isEqualTo(Long.MIN_VALUE + 2);
    byte[] zipped = glue(5, uuid, zlib(data));
    assertThat(id(byUuid, zipped)).isEqualTo(Long.MIN_VALUE + 2);
    assertThat(error(byUuid, glue(7, uuid, data))).isEqualTo(DecodeError.NO_SCHEMA_ID);
    assertThat(error(byUuid, Arrays.copyOf(zipped, zipped.length - 3)))
        .isEqualTo(DecodeError.NO_SCHEMA_ID);
    assertThat(error(byUuid, Arrays.copyOf(zipped, zipped.length + 1)))
        .isEqualTo(DecodeError.NO_SCHEMA_ID);
    assertThat(error(byUuid, glue(5, uuid, zlib(new byte[JsonLimits.MAX_PAYLOAD_BYTES + 1]))))
        .isEqualTo(DecodeError.NO_SCHEMA_ID);
    assertThat(error(byUuid, glue(0, UUID.randomUUID(), data)))
        .isEqualTo(DecodeError.UNKNOWN_SCHEMA);
    byte[] replayed =
        Envelope.wrap(
            EnvelopeHeader.of(
                "r",
                new Position("s@20250101T000000.000Z", "shardId-0", "42", 0),
                Instant.EPOCH,
                1),
            zipped);
    assertThat(id(new WrappedFormat(byUuid, Compression.NONE), replayed))
        .isEqualTo(Long.MIN_VALUE + 2);
  }

  @Test
  void anUnknownSchemaMayHoldAnything() throws IOException {
    Shredder shredder =
        framed(Frame.CONFLUENT, Map.of())
            .shredder(PayloadLayout.of(PayloadSchema.EMPTY), SchemaSettings.DEFAULTS);
    assertThat(shredder.shred(new byte[5]).decodeError()).isEqualTo(DecodeError.UNKNOWN_SCHEMA);
    assertThat(shredder.observations()).isEqualTo(new Observations(List.of(), true));
  }

  @Test
  void hostileIdsAreAskedForABoundedNumberOfTimes() {
    AtomicInteger asked = new AtomicInteger();
    PayloadFormat format =
        new AvroFormat(
            DeclaredSchema.NONE,
            new AvroSettings(Frame.CONFLUENT, Optional.empty(), Optional.empty(), Optional.empty()),
            id -> {
              asked.incrementAndGet();
              return Optional.empty();
            });
    Shredder shredder = format.shredder(PayloadLayout.of(PayloadSchema.EMPTY), new BitSet());
    for (int i = 0; i < 5000; i++) {
      shredder.shred(ByteBuffer.allocate(9).putInt(1, i % 700).array());
    }
    assertThat(asked).hasValue(100);
  }

  @Test
  void aRegistryThatDoesNotAnswerIsNoDecodeError() {
    PayloadFormat format =
        new AvroFormat(
            DeclaredSchema.NONE,
            new AvroSettings(Frame.CONFLUENT, Optional.empty(), Optional.empty(), Optional.empty()),
            id -> {
              throw new WatershedException(ErrorCode.UNREACHABLE, "no answer", "");
            });
    PayloadLayout layout = PayloadLayout.of(PayloadSchema.EMPTY);
    Shredder shredder = new GuardedShredder(format.shredder(layout, new BitSet()), layout);
    assertThatThrownBy(() -> shredder.shred(new byte[5]))
        .isInstanceOf(WatershedException.class)
        .hasMessage("no answer");
  }

  @Test
  void theSchemaOfBareDataIsAFileThatIsCheckedAtTheStart(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("order.avsc");
    AvroSettings settings =
        new AvroSettings(Frame.NONE, Optional.of(file), Optional.empty(), Optional.empty());
    assertThatThrownBy(() -> new AvroFormat(DeclaredSchema.NONE, settings, id -> Optional.empty()))
        .hasMessageContaining("cannot be read");
    Files.writeString(file, "{\"type\":\"recod\"}");
    assertThatThrownBy(() -> new AvroFormat(DeclaredSchema.NONE, settings, id -> Optional.empty()))
        .hasMessageContaining("is not an Avro schema");
    Files.writeString(file, ORDER.toString());
    assertThat(
            id(
                new AvroFormat(DeclaredSchema.NONE, settings, id -> Optional.empty()),
                write(order(4))))
        .isEqualTo(Long.MIN_VALUE + 4);
  }

  private static GenericData.Record order(int n) {
    GenericData.Record order = new GenericData.Record(ORDER);
    order.put("id", Long.MIN_VALUE + n);
    order.put("count", -n);
    order.put("paid", true);
    order.put("price", 0.1);
    order.put("weight", 0.1f);
    order.put("note", "gr\u00f6\u00dfe \ud834\udd1e");
    order.put("kind", new GenericData.EnumSymbol(ORDER.getField("kind").schema(), "USED"));
    order.put("any", List.of(1, -2));
    Schema decimal = ORDER.getField("amount").schema();
    order.put(
        "amount",
        new Conversions.DecimalConversion()
            .toBytes(new BigDecimal("-12.30"), decimal, decimal.getLogicalType()));
    order.put("at", 1_700_000_000_000L);
    order.put("raw", ByteBuffer.wrap(new byte[] {1, 2}));
    order.put("hash", new GenericData.Fixed(ORDER.getField("hash").schema(), new byte[4]));
    order.put("tags", Map.of("a", 1.5));
    Schema customer = ORDER.getField("customer").schema();
    order.put("customer", customer(customer, "Ulm", customer(customer, "Rom", null)));
    return order;
  }

  private static GenericData.Record customer(Schema schema, String city, Object parent) {
    GenericData.Record customer = new GenericData.Record(schema);
    customer.put("city", city);
    customer.put("parent", parent);
    return customer;
  }

  private static Schema schema(String json) {
    return new Schema.Parser().parse(json);
  }

  private static byte[] write(GenericData.Record record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<Object>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static byte[] varints(long... numbers) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    for (long number : numbers) {
      encoder.writeLong(number);
    }
    encoder.flush();
    return bytes.toByteArray();
  }

  private static byte[] glue(int compression, UUID id, byte[] data) {
    return ByteBuffer.allocate(18 + data.length)
        .put((byte) 3)
        .put((byte) compression)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .put(data)
        .array();
  }

  private static byte[] zlib(byte[] data) {
    Deflater deflater = new Deflater();
    deflater.setInput(data);
    deflater.finish();
    byte[] buffer = new byte[data.length + 100];
    int size = deflater.deflate(buffer);
    deflater.end();
    return Arrays.copyOf(buffer, size);
  }

  private static PayloadFormat format(Schema schema) {
    return framedBare(schema.toString());
  }

  /** Bare data, with the schema from a map instead of a file. */
  private static PayloadFormat framedBare(String schema) {
    return new AvroFormat(DeclaredSchema.NONE, AvroSettings.NONE, id -> Optional.of(schema));
  }

  private static PayloadFormat framed(Frame frame, Map<String, String> schemas) {
    return new AvroFormat(
        DeclaredSchema.NONE,
        new AvroSettings(frame, Optional.empty(), Optional.empty(), Optional.empty()),
        id -> Optional.ofNullable(schemas.get(id)));
  }

  private static DecodeError error(PayloadFormat format, byte[] payload) {
    DecodeError error =
        format
            .shredder(PayloadLayout.of(PayloadSchema.EMPTY), new BitSet())
            .shred(payload)
            .decodeError();
    assertThat(
            format
                .shredder(PayloadLayout.of(PayloadSchema.EMPTY), SchemaSettings.DEFAULTS)
                .shred(payload)
                .decodeError())
        .isEqualTo(error);
    return error;
  }

  private static Object id(PayloadFormat format, byte[] payload) {
    PayloadLayout layout = PayloadLayout.of(grown(format, payload));
    return plain(format.shredder(layout, all(layout)).shred(payload), layout.slots().get(0));
  }

  private static PayloadSchema grown(PayloadFormat format, byte[]... payloads) {
    PayloadSchema schema = PayloadSchema.EMPTY;
    while (true) {
      Shredder shredder = format.shredder(PayloadLayout.of(schema), SchemaSettings.DEFAULTS);
      for (byte[] payload : payloads) {
        shredder.shred(payload);
      }
      PayloadSchema grown = schema.grow(shredder.observations(), SchemaSettings.DEFAULTS);
      if (grown.equals(schema)) {
        return schema;
      }
      schema = grown;
    }
  }

  private static Map<String, Object> values(GenericData.Record record, Schema schema)
      throws IOException {
    PayloadFormat format = format(schema);
    byte[] payload = write(record);
    PayloadLayout layout = PayloadLayout.of(grown(format, payload));
    PayloadRow row = format.shredder(layout, all(layout)).shred(payload);
    assertThat(row.decodeError()).isNull();
    Map<String, Object> values = new TreeMap<>();
    for (PayloadLayout.Slot slot : layout.slots()) {
      if (row.isPresent(slot.index())) {
        values.put(String.join(".", slot.path().keys()), plain(row, slot));
      }
    }
    return values;
  }

  private static Object plain(PayloadRow row, PayloadLayout.Slot slot) {
    return ShredderPropertyTest.value(row, slot);
  }

  private static BitSet all(PayloadLayout layout) {
    BitSet all = new BitSet();
    all.set(0, layout.size());
    return all;
  }

  private static Object shown(Object value) {
    if (value instanceof Json json) {
      return json.text;
    }
    return value == STRUCT ? Boolean.TRUE : value;
  }

  private record Json(String text) {}

  private static final Object STRUCT = new Object();

  private static ColumnType typeOf(Object value) {
    if (value == STRUCT) {
      return ColumnType.STRUCT;
    }
    if (value instanceof Long) {
      return ColumnType.LONG;
    }
    if (value instanceof Double) {
      return ColumnType.DOUBLE;
    }
    if (value instanceof Boolean) {
      return ColumnType.BOOLEAN;
    }
    return value instanceof Json ? ColumnType.JSON : ColumnType.TEXT;
  }

  /**
   * The values that columns must hold, from the record itself; structs are left to their members.
   */
  private static void expect(
      GenericData.Record record, PayloadPath above, Map<PayloadPath, Object> expected) {
    for (Schema.Field field : record.getSchema().getFields()) {
      PayloadPath path = above.child(field.name());
      Object value = record.get(field.pos());
      if (value instanceof GenericData.Record member
          && path.keys().size() < JsonLimits.MAX_COLUMN_DEPTH) {
        expected.put(path, STRUCT);
        expect(member, path, expected);
      } else if (value instanceof Integer || value instanceof Long) {
        expected.put(path, ((Number) value).longValue());
      } else if (value instanceof Float || value instanceof Double) {
        if (Double.isFinite(((Number) value).doubleValue())) {
          expected.put(path, ((Number) value).doubleValue());
        }
      } else if (value instanceof Boolean) {
        expected.put(path, value);
      } else if (value instanceof String || value instanceof GenericData.EnumSymbol) {
        expected.put(path, value.toString());
      } else if (value instanceof List<?> || value instanceof GenericData.Record) {
        jsonOf(value).ifPresent(text -> expected.put(path, new Json(text)));
      }
    }
  }

  private static Optional<String> jsonOf(Object value) {
    if (value instanceof List<?> list) {
      List<String> texts = new ArrayList<>();
      for (Object element : list) {
        Optional<String> text = jsonOf(element);
        if (text.isEmpty()) {
          return text;
        }
        texts.add(text.get());
      }
      return Optional.of("[" + String.join(",", texts) + "]");
    }
    if (value instanceof GenericData.Record record) {
      List<String> texts = new ArrayList<>();
      for (Schema.Field field : record.getSchema().getFields()) {
        Optional<String> text = jsonOf(record.get(field.pos()));
        if (text.isEmpty()) {
          return text;
        }
        texts.add("\"" + field.name() + "\":" + text.get());
      }
      return Optional.of("{" + String.join(",", texts) + "}");
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? Optional.of(Double.toString(number)) : Optional.empty();
    }
    if (value instanceof ByteBuffer) {
      return Optional.empty();
    }
    return Optional.of(
        value instanceof String || value instanceof GenericData.EnumSymbol
            ? "\"" + value + "\""
            : String.valueOf(value));
  }

  /** Schemas and values at random. */
  private static final class RandomAvro {
    private final Random random;
    private int names;

    RandomAvro(long seed) {
      random = new Random(seed);
    }

    Schema recordSchema(int depth) {
      List<Schema.Field> fields = new ArrayList<>();
      int count = 1 + random.nextInt(depth == 0 ? 12 : 4);
      for (int i = 0; i < count; i++) {
        fields.add(new Schema.Field("f" + i, fieldSchema(depth + 1), null, null));
      }
      return Schema.createRecord("R" + names++, null, null, false, fields);
    }

    private Schema fieldSchema(int depth) {
      int kind = random.nextInt(depth < 7 ? 13 : 9);
      return switch (kind) {
        case 0 -> Schema.create(Schema.Type.INT);
        case 1 -> Schema.create(Schema.Type.LONG);
        case 2 -> Schema.create(Schema.Type.FLOAT);
        case 3 -> Schema.create(Schema.Type.DOUBLE);
        case 4 -> Schema.create(Schema.Type.BOOLEAN);
        case 5 -> Schema.create(Schema.Type.BYTES);
        case 6 -> Schema.createEnum("E" + names++, null, null, List.of("A", "B", "C"));
        case 7 -> Schema.create(Schema.Type.STRING);
        case 8 ->
            SchemaBuilder.unionOf()
                .nullType()
                .and()
                .longType()
                .and()
                .stringType()
                .and()
                .doubleType()
                .endUnion();
        case 9 -> Schema.createArray(fieldSchema(depth + 1));
        default -> recordSchema(depth);
      };
    }

    GenericData.Record recordOf(Schema schema) {
      GenericData.Record record = new GenericData.Record(schema);
      for (Schema.Field field : schema.getFields()) {
        record.put(field.pos(), valueOf(field.schema()));
      }
      return record;
    }

    private Object valueOf(Schema schema) {
      return switch (schema.getType()) {
        case INT -> random.nextInt();
        case LONG -> random.nextLong() >> random.nextInt(64);
        case FLOAT -> Float.intBitsToFloat(random.nextInt());
        case DOUBLE -> Double.longBitsToDouble(random.nextLong());
        case BOOLEAN -> random.nextBoolean();
        case BYTES -> ByteBuffer.wrap(new byte[random.nextInt(4)]);
        case ENUM ->
            new GenericData.EnumSymbol(schema, schema.getEnumSymbols().get(random.nextInt(3)));
        case STRING ->
            new String(new char[random.nextInt(4)]).replace('\0', (char) ('a' + random.nextInt(26)))
                + (random.nextInt(3) == 0 ? "\u00e9\ud834\udd1e" : "");
        case UNION -> {
          Schema branch = schema.getTypes().get(random.nextInt(schema.getTypes().size()));
          yield branch.getType() == Schema.Type.NULL ? null : valueOf(branch);
        }
        case ARRAY -> {
          List<Object> list = new ArrayList<>();
          for (int i = random.nextInt(4); i > 0; i--) {
            list.add(valueOf(schema.getElementType()));
          }
          yield list;
        }
        case RECORD -> recordOf(schema);
        default -> throw new IllegalStateException(schema.toString());
      };
    }
  }
}
