package io.watershed.cli.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.core.config.ConfigLoader;
import io.watershed.core.config.ConfigOverrides;
import io.watershed.core.config.WatershedConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LeastPolicyTest {
  private static final String READER = "arn:aws:iam::123456789012:role/reader";
  private static final String CONFIG =
      """
      reservoir:
        location: s3://lake/water/shed
        kms_key: alias/lake
      aws: {region: eu-central-1}
      streams:
        orders: {}
        arn:aws:kinesis:us-east-1:123456789012:stream/web-clicks:
          alias: clicks
          role_arn: %s
      """
          .formatted(READER);

  @Test
  void theArchiverReadsItsStreamsAndWritesItsReservoirAndNothingElse() {
    JsonNode policy = policy(CommandAccess.ARCHIVE, Optional.empty());

    assertThat(resources(policy, "ReadStreams"))
        .containsExactly("arn:aws:kinesis:eu-central-1:*:stream/orders");
    assertThat(resources(policy, "ReadReservoir"))
        .containsExactly("arn:aws:s3:::lake/water/shed/*");
    assertThat(resources(policy, "ListReservoir")).containsExactly("arn:aws:s3:::lake");
    assertThat(resources(policy, "AssumeRoles")).containsExactly(READER);
    assertThat(actions(policy))
        .containsExactlyInAnyOrder(
            "kinesis:DescribeStreamSummary",
            "kinesis:ListShards",
            "kinesis:GetShardIterator",
            "kinesis:GetRecords",
            "s3:ListBucket",
            "s3:GetObject",
            "s3:PutObject",
            "s3:DeleteObject",
            "kms:Decrypt",
            "kms:GenerateDataKey",
            "sts:AssumeRole");
  }

  @Test
  void aRoleGetsOnlyTheStreamsThatAreReadWithIt() {
    JsonNode policy = policy(CommandAccess.ARCHIVE, Optional.of(READER));

    assertThat(resources(policy, "ReadStreams"))
        .containsExactly("arn:aws:kinesis:us-east-1:123456789012:stream/web-clicks");
    assertThat(actions(policy)).noneMatch(action -> action.startsWith("s3:"));
    assertThat(actions(policy)).doesNotContain("sts:AssumeRole");
  }

  @Test
  void aQueryWritesReceiptsOnlyAndDeletesNothing() {
    JsonNode policy = policy(CommandAccess.SQL, Optional.empty());

    assertThat(resources(policy, "WriteReceipts"))
        .containsExactly("arn:aws:s3:::lake/water/shed/receipts/*");
    assertThat(actions(policy)).doesNotContain("s3:DeleteObject", "kinesis:PutRecords");
  }

  @Test
  void theArchiverPointsTablesInTheCatalogAndNobodyElseChangesThem() {
    WatershedConfig config = load(CONFIG + "catalog: {type: glue, database: lake}\n");
    LeastPolicy archiver = least(config, CommandAccess.ARCHIVE, Optional.empty());

    assertThat(resources(parsed(archiver), "PointTables"))
        .containsExactly(
            "arn:aws:glue:eu-central-1:*:catalog",
            "arn:aws:glue:eu-central-1:*:database/lake",
            "arn:aws:glue:eu-central-1:*:table/lake/*");
    assertThat(actions(parsed(archiver))).contains("glue:UpdateTable", "glue:UpdateTableOptimizer");
    assertThat(actions(parsed(least(config, CommandAccess.SQL, Optional.empty()))))
        .noneMatch(action -> action.startsWith("glue:"));

    String policy = CatalogPolicy.of(config.catalog().orElseThrow(), READER);
    assertThat(policy)
        .contains("\"Deny\"", "glue:UpdateTable", "glue:DeleteTable", READER)
        .contains("arn:aws:glue:eu-central-1:123456789012:table/lake/*")
        .doesNotContain(":catalog\"", ":database/");
    assertThatThrownBy(
            () ->
                CatalogPolicy.of(config.catalog().orElseThrow(), "arn:aws:sts::1:assumed-role/a/b"))
        .hasMessageContaining("is not the ARN of a role");
  }

  @Test
  void aServerArchivesAndAnswersAndReplaysOnlyIntoTheTargetThatIsNamed() {
    WatershedConfig config = load(CONFIG);
    LeastPolicy closed = least(config, CommandAccess.SERVE, Optional.empty());
    LeastPolicy open =
        new LeastPolicy(
            CommandAccess.SERVE,
            Optional.empty(),
            closed.streams(),
            Optional.of(config.streamOrDefault("copies")),
            closed.reservoir(),
            closed.catalog());

    assertThat(actions(parsed(closed)))
        .contains("kinesis:GetRecords", "s3:PutObject", "s3:DeleteObject")
        .doesNotContain("kinesis:PutRecords");
    assertThat(closed.notes()).anyMatch(note -> note.contains("--target"));
    assertThat(resources(parsed(open), "WriteTarget"))
        .containsExactly("arn:aws:kinesis:eu-central-1:*:stream/copies");
    assertThat(open.notes()).noneMatch(note -> note.contains("--target"));
  }

  @Test
  void anAliasOfAKeyIsAConditionBecausePoliciesNameKeysById() {
    JsonNode key = statement(policy(CommandAccess.VERIFY, Optional.empty()), "ReservoirKey");

    assertThat(key.path("Resource").get(0).asText()).isEqualTo("arn:aws:kms:eu-central-1:*:key/*");
    assertThat(key.at("/Condition/ForAnyValue:StringEquals/kms:ResourceAliases/0").asText())
        .isEqualTo("alias/lake");
    assertThat(key.path("Action")).hasSize(1);
  }

  @Test
  void anotherPartitionHasItsOwnArns() {
    WatershedConfig config =
        load("reservoir: s3://lake\naws: {region: cn-north-1}\nstreams: {a: {}}");
    LeastPolicy policy = least(config, CommandAccess.ARCHIVE, Optional.empty());

    assertThat(policy.document())
        .contains("arn:aws-cn:s3:::lake/*")
        .contains("arn:aws-cn:kinesis:cn-north-1:*:stream/a");
  }

  private static JsonNode policy(CommandAccess command, Optional<String> role) {
    return parsed(least(load(CONFIG), command, role));
  }

  private static JsonNode parsed(LeastPolicy policy) {
    try {
      return new ObjectMapper().readTree(policy.document());
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private static LeastPolicy least(
      WatershedConfig config, CommandAccess command, Optional<String> role) {
    return new LeastPolicy(
        command,
        role,
        config.select(List.of()),
        Optional.empty(),
        config.reservoir(),
        config.catalog());
  }

  private static WatershedConfig load(String text) {
    return new ConfigLoader(ConfigOverrides.NONE).parse(Path.of("watershed.yaml"), text);
  }

  private static JsonNode statement(JsonNode policy, String id) {
    for (JsonNode statement : policy.path("Statement")) {
      if (statement.path("Sid").asText().equals(id)) {
        return statement;
      }
    }
    throw new AssertionError("no statement " + id + " in " + policy);
  }

  private static List<String> resources(JsonNode policy, String id) {
    List<String> found = new ArrayList<>();
    statement(policy, id).path("Resource").forEach(node -> found.add(node.asText()));
    return found;
  }

  private static TreeSet<String> actions(JsonNode policy) {
    TreeSet<String> found = new TreeSet<>();
    policy
        .path("Statement")
        .forEach(s -> s.path("Action").forEach(action -> found.add(action.asText())));
    return found;
  }
}
