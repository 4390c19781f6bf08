package io.watershed.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  private static final Path FILE = Path.of("/conf/watershed.yaml");

  private static final String ARN = "arn:aws:kinesis:us-west-2:123456789012:stream/web-clicks";

  @TempDir Path folder;

  @Test
  void anEmptyFileMeansTheDefaults() {
    WatershedConfig config = parse("");

    assertThat(config.reservoir().root()).isEqualTo(uri(folder.resolve("watershed-data")));
    assertThat(config.reservoir().access()).isEqualTo(AwsAccess.DEFAULT);
    assertThat(config.streams()).isEmpty();
  }

  @Test
  void streamsTakeFromAwsWhatTheyDoNotSayThemselves() {
    WatershedConfig config =
        parse(
            """
            reservoir: s3://bucket/archive/
            aws:
              region: eu-central-1
              profile: work
            streams:
              orders:
              %s:
                alias: clicks
                role_arn: arn:aws:iam::123456789012:role/reader
                external_id: abc
              far:
                region: ap-south-1
                endpoint_url: http://10.0.0.1:4567
            """
                .formatted(ARN));

    assertThat(config.reservoir().root()).isEqualTo(URI.create("s3://bucket/archive"));
    assertThat(config.stream("orders").access().region()).contains("eu-central-1");
    StreamConfig clicks = config.stream("clicks");
    assertThat(clicks.name()).isEqualTo("web-clicks");
    assertThat(clicks.arn()).contains(ARN);
    assertThat(clicks.access().region()).as("an ARN says its region").contains("us-west-2");
    assertThat(clicks.access().profile()).contains("work");
    assertThat(clicks.access().externalId()).contains("abc");
    assertThat(config.stream("far").access().region()).contains("ap-south-1");
    assertThat(config.stream("far").access().endpointUrl())
        .contains(URI.create("http://10.0.0.1:4567"));
  }

  @Test
  void theCommandLineWinsOverTheFileButLeavesTheReservoirsEndpoint() {
    URI endpoint = URI.create("http://127.0.0.1:4567");
    ConfigOverrides overrides =
        new ConfigOverrides(Optional.of("eu-west-1"), Optional.of("other"), Optional.of(endpoint));

    WatershedConfig config =
        new ConfigLoader(overrides)
            .parse(
                folder.resolve("watershed.yaml"),
                """
                reservoir:
                  location: s3://b
                  endpoint_url: http://127.0.0.1:9000
                streams:
                  orders: {region: us-east-1, profile: p, endpoint_url: "https://example.org"}
                """);

    AwsAccess access = config.stream("orders").access();
    assertThat(access.region()).contains("eu-west-1");
    assertThat(access.profile()).contains("other");
    assertThat(access.endpointUrl()).contains(endpoint);
    assertThat(config.reservoir().access().endpointUrl())
        .contains(URI.create("http://127.0.0.1:9000"));
    assertThat(config.reservoir().access().region()).contains("eu-west-1");
  }

  @Test
  void jsonSaysTheSameAsYaml() {
    String json = "{\n \"reservoir\": \"data\",\n \"streams\": {\"orders\": {\"alias\": \"o\"}}\n}";
    String yaml = "reservoir: data\nstreams:\n  orders:\n    alias: o\n";

    assertThat(parse(json)).isEqualTo(parse(yaml));
  }

  @Test
  void anUnknownKeyIsRefusedWithItsLineAndTheNearestKnownOne() {
    assertThatThrownBy(() -> parse("reservoir: x\nstreams:\n  orders:\n    allias: o\n"))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining("watershed.yaml:4: streams.orders.allias: unknown key")
        .extracting(e -> ((WatershedException) e).hint())
        .isEqualTo("Did you mean 'alias'?");
    assertThat(error("streems: {}").hint()).isEqualTo("Did you mean 'streams'?");
    assertThat(error("zzz: 1").hint())
        .isEqualTo(
            "Known keys here: aws, catalog, cluster, defaults, drill, reservoir, server, streams");
    assertThat(error("aws:\n  regionn: x").getMessage()).contains(":2: aws.regionn");
    assertThat(error("{\"aws\":\n {\"regin\": 1}}").getMessage()).contains(":2: aws.regin");
  }

  @Test
  void aBadValueIsRefusedWithItsLineAndKey() {
    assertThat(error("aws:\n  region: a\n  endpoint_url: 4567\n").getMessage())
        .contains("watershed.yaml:3: aws.endpoint_url: '4567' is not an endpoint URL");
    assertThat(error("aws:\n  region: [a]\n").getMessage())
        .contains(":2: aws.region: this takes one value");
    assertThat(error("streams: [orders]").getMessage())
        .contains(":1: streams: keys and values are expected here");
    assertThat(error("reservoir: 's3://'").getMessage()).contains("reservoir.location");
    assertThat(error("streams:\n  'a b': {}").getMessage())
        .contains(":2: streams.a b.alias: 'a b' is not a stream name");
    assertThat(error("streams:\n  arn:aws:sqs:x: {}").getMessage()).contains("not a stream's ARN");
  }

  @Test
  void whatIsNoPlainYamlIsRefusedWithItsLine() {
    assertThat(error("a: b\n  c: d\n").getMessage()).contains("watershed.yaml:2");
    assertThat(error("{\"aws\": ").getMessage()).contains("watershed.yaml:1");
    assertThat(error("aws: {}\naws: {}").getMessage()).contains(":2: the key 'aws' is here twice");
    assertThat(error("aws: &a {}\nstreams: *a").getMessage()).contains("aliases");
    assertThat(error("- a\n- b").getMessage()).contains("not a mapping");
    assertThat(error("aws: {}\n---\naws: {}").getMessage()).contains("second document");
    assertThat(error("aws: " + "{a: ".repeat(17) + "1" + "}".repeat(17)).getMessage())
        .contains("nested too deeply");
  }

  @Test
  void columnsAreNestedAsThePayloadsAre() {
    WatershedConfig config =
        parse(
            """
            streams:
              orders:
                schema: declared
                columns:
                  id: long
                  customer:
                    "zip code": text
                    geo: {lat: double, lon: number}
                  items: json
              clicks: {columns: {paid: boolean}}
              views:
            """);
    DeclaredSchema orders = config.stream("orders").payload().columns();
    assertThat(orders.growing()).isFalse();
    assertThat(orders.columns())
        .containsExactly(
            new DeclaredColumn(List.of("id"), DeclaredType.LONG),
            new DeclaredColumn(List.of("customer", "zip code"), DeclaredType.TEXT),
            new DeclaredColumn(List.of("customer", "geo", "lat"), DeclaredType.DOUBLE),
            new DeclaredColumn(List.of("customer", "geo", "lon"), DeclaredType.NUMBER),
            new DeclaredColumn(List.of("items"), DeclaredType.JSON));
    assertThat(config.stream("clicks").payload().columns().growing()).isTrue();
    assertThat(config.stream("views").payload().columns()).isEqualTo(DeclaredSchema.NONE);
  }

  @Test
  void aCsvDelimiterIsOneCharacter() {
    WatershedConfig config =
        parse("streams: {o: {format: csv, columns: {a: long}, csv_delimiter: tab}, p: {}}");
    assertThat(config.stream("o").payload().csvDelimiter()).isEqualTo('\t');
    assertThat(config.stream("p").payload().csvDelimiter()).isEqualTo(',');
  }

  @Test
  void avroNamesItsSchemasInOneWay() {
    WatershedConfig config =
        parse("streams: {o: {format: avro, avro_frame: glue, avro_schemas: ids}, p: {}}");
    assertThat(config.stream("o").payload().avro())
        .isEqualTo(
            new AvroSettings(
                AvroSettings.Frame.GLUE,
                Optional.empty(),
                Optional.of(folder.resolve("ids")),
                Optional.empty()));
    assertThat(config.stream("p").payload().avro()).isEqualTo(AvroSettings.NONE);
    assertThat(error("streams: {o: {format: avro}}").getMessage())
        .contains("streams.o.avro_schema: Avro data without a frame needs its schema");
    assertThat(avro("avro_frame: glue, avro_schema: a.avsc")).contains("names its schema itself");
    assertThat(avro("avro_frame: confluent")).contains("nothing says where the schemas are");
    assertThat(avro("avro_frame: glue, avro_schemas: s, avro_registry: 'http://r'"))
        .contains("streams.o.avro_registry");
  }

  private String avro(String keys) {
    return error("streams: {o: {format: avro, " + keys + "}}").getMessage();
  }

  @Test
  void badColumnsAreRefusedWithTheirLineAndKey() {
    assertThat(columns("a: int").getMessage()).contains(":4: streams.o.columns.a: 'int' is not");
    assertThat(columns("a: int").hint()).contains("long, double, number, text, boolean, json");
    assertThat(columns("a:").getMessage()).contains("streams.o.columns.a: a type is missing");
    assertThat(columns("a: {}").getMessage()).contains("streams.o.columns.a: a type is missing");
    assertThat(columns("a: {b: [long]}").getMessage()).contains("streams.o.columns.a.b: a type");
    assertThat(columns("a: {b: {c: {d: {e: {f: long}}}}}").getMessage()).contains("nested");
    assertThat(columns("k" + "k".repeat(128) + ": long").getMessage())
        .contains("a key of 129 characters");
    assertThat(columns("_watershed: text").getMessage()).contains("envelope");
    assertThat(error("streams:\n  o:\n    columns: text\n").getMessage())
        .contains(":3: streams.o.columns: columns are keys with types");
    assertThat(error("streams:\n  o: {schema: declared}\n").getMessage())
        .contains("streams.o.schema: there are no declared columns");
    assertThat(error("streams:\n  o: {format: raw, columns: {a: long}}\n").getMessage())
        .contains("payloads of the format raw have no columns");
    assertThat(error("streams:\n  o: {format: csv}\n").getMessage())
        .contains("streams.o.columns: fields of CSV have no names");
    assertThat(error("streams:\n  o: {format: csv, columns: {a: {b: long}}}\n").getMessage())
        .contains("a field of CSV cannot be 'a.b'");
    assertThat(error("streams:\n  o: {format: csv, columns: {a: json}}\n").getMessage())
        .contains("a field of CSV cannot be 'a'");
    StringBuilder many = new StringBuilder();
    for (int i = 0; i <= 500; i++) {
      many.append("c").append(i).append(": long\n      ");
    }
    assertThat(columns(many.toString()).getMessage()).contains("501 columns are too many");
  }

  private WatershedException columns(String columns) {
    return error("streams:\n  o:\n    columns:\n      " + columns + "\n");
  }

  @Test
  void twoStreamsNeverShareAName() {
    assertThat(error("streams:\n  web-clicks:\n  web_clicks:\n").getMessage())
        .contains("same name in SQL as 'web-clicks'");
    assertThat(error("streams:\n  a:\n  b: {alias: A}\n").getMessage()).contains(":3:");
    assertThat(error("streams:\n  orders_live:\n").getMessage()).contains("live side");
    assertThat(error("streams:\n  watershed:\n").getMessage()).contains("reservoir itself");
  }

  @Test
  void dummyKeysNeverLeaveTheMachine() {
    String local = "aws: {local_credentials: true, endpoint_url: '%s'}\nstreams: {orders: {}}";

    assertThat(parse(local.formatted("http://127.0.0.1:1")).stream("orders").access())
        .extracting(AwsAccess::localCredentials)
        .isEqualTo(true);
    assertThat(error(local.formatted("http://example.org")).getMessage())
        .contains("dummy keys are only for an endpoint on this machine");
    assertThat(error("aws: {local_credentials: true}\nstreams: {orders: {}}").getMessage())
        .contains("dummy keys");
    assertThat(error("reservoir: {location: 's3://b', local_credentials: true}").getMessage())
        .contains("reservoir.local_credentials");
  }

  @Test
  void aStreamIsFoundByAliasArnOrName() {
    WatershedConfig config =
        parse("streams:\n  " + ARN + ": {alias: w}\n  web-clicks: {alias: e}\n  orders:\n");

    assertThat(config.stream("w").arn()).contains(ARN);
    assertThat(config.stream(ARN).alias()).isEqualTo("w");
    assertThat(config.stream("web-clicks").alias()).as("the exact key wins").isEqualTo("e");
    assertThat(config.select(List.of("orders", "w", "orders")))
        .extracting(StreamConfig::alias)
        .containsExactly("orders", "w");
    WatershedException unknown =
        catchThrowableOfType(WatershedException.class, () -> config.stream("order"));
    assertThat(unknown.hint()).isEqualTo("Did you mean 'orders'?");
    assertThat(config.streamOrDefault("elsewhere").alias()).isEqualTo("elsewhere");
  }

  @Test
  void anAliasIsUsableInSqlWithoutQuotes() {
    assertThat(StreamAlias.sqlName("orders")).isEqualTo("orders");
    assertThat(StreamAlias.sqlName("web-clicks.v2")).isEqualTo("web_clicks_v2");
    assertThat(StreamAlias.sqlName("2026-orders")).isEqualTo("_2026_orders");
    assertThatThrownBy(() -> StreamAlias.check("a/../b")).isInstanceOf(WatershedException.class);
    assertThatThrownBy(() -> StreamAlias.check("..")).isInstanceOf(WatershedException.class);
  }

  @Test
  void theFileIsReadFromDisk() throws Exception {
    Path file = Files.writeString(folder.resolve("w.yaml"), "reservoir: here\n");

    WatershedConfig config = new ConfigLoader(ConfigOverrides.NONE).load(file);

    assertThat(config.reservoir().root()).isEqualTo(uri(folder.resolve("here")));
    WatershedException missing =
        catchThrowableOfType(
            WatershedException.class,
            () -> new ConfigLoader(ConfigOverrides.NONE).load(folder.resolve("none.yaml")));
    assertThat(missing.code()).isEqualTo(ErrorCode.CONFIG);
    assertThat(missing.hint()).contains("watershed init");
  }

  private WatershedConfig parse(String text) {
    return new ConfigLoader(ConfigOverrides.NONE).parse(folder.resolve("watershed.yaml"), text);
  }

  private WatershedException error(String text) {
    WatershedException error = catchThrowableOfType(WatershedException.class, () -> parse(text));
    assertThat(error).as(text).isNotNull();
    assertThat(error.code()).isEqualTo(ErrorCode.CONFIG);
    return error;
  }

  private static URI uri(Path folder) {
    String text = folder.toUri().toString();
    return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
  }

  @Test
  void aFolderHoldsOneFilePerStream(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("clicks.yaml"), "alias: c\n");
    Files.writeString(folder.resolve("carts.json"), "{\"alias\": \"basket\"}");
    Files.writeString(folder.resolve("empty.yml"), "");
    Files.writeString(folder.resolve("README.md"), "no stream");
    ConfigLoader loader =
        new ConfigLoader(ConfigOverrides.NONE, Optional.of(new StreamFolder(folder)));
    WatershedConfig config = loader.parse(FILE, "streams:\n  orders:\n");
    assertThat(config.streams().stream().map(StreamConfig::alias))
        .containsExactlyInAnyOrder("orders", "c", "basket", "empty");
    assertThat(loader.parse(FILE, "").streams()).hasSize(3);
    assertThatThrownBy(() -> loader.parse(FILE, "streams: {clicks: {}}"))
        .hasMessageContaining("clicks.yaml")
        .hasMessageContaining("configured twice");
    Files.writeString(folder.resolve("bad.yaml"), "allias: x\n");
    assertThatThrownBy(() -> loader.parse(FILE, "")).hasMessageContaining("streams.bad.allias");
  }

  @Test
  void anotherProcessGetsTheFileWithoutWhatIsNotItsBusiness() {
    String text =
        "aws: {profile: me, region: eu-west-1}\nstreams: {orders: {alias: o, profile: me}}\n"
            + "server: {listen: 8090}\n";
    String json =
        new ConfigLoader(ConfigOverrides.NONE)
            .json(FILE, text, Set.of("server"), Set.of("profile"));
    assertThat(json).doesNotContain("profile").doesNotContain("8090").contains("eu-west-1");
    assertThat(parse(json).streams().get(0).alias()).isEqualTo("o");
  }
}
