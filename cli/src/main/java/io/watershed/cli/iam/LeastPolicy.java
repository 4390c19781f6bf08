package io.watershed.cli.iam;

import static io.watershed.cli.iam.Access.DELETE_RESERVOIR;
import static io.watershed.cli.iam.Access.LIST_STREAMS;
import static io.watershed.cli.iam.Access.READ_RESERVOIR;
import static io.watershed.cli.iam.Access.READ_STREAMS;
import static io.watershed.cli.iam.Access.WRITE_CATALOG;
import static io.watershed.cli.iam.Access.WRITE_RECEIPTS;
import static io.watershed.cli.iam.Access.WRITE_RESERVOIR;
import static io.watershed.cli.iam.Access.WRITE_TARGET;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.CatalogSettings;
import io.watershed.core.config.ReservoirConfig;
import io.watershed.core.config.StreamConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The least policy of one principal for one command. A principal is whoever the credentials belong
 * to, or a role that the configuration names.
 *
 * @param command what is to be run
 * @param principal the role's ARN; empty for the credentials that the process finds
 * @param streams what it reads
 * @param target what a replay writes to, if it is known
 * @param reservoir where the archive is
 * @param catalog the catalog that shows the archives, too; empty if none does
 */
public record LeastPolicy(
    CommandAccess command,
    Optional<String> principal,
    List<StreamConfig> streams,
    Optional<StreamConfig> target,
    ReservoirConfig reservoir,
    Optional<CatalogSettings> catalog) {
  private static final List<String> READ_STREAM =
      List.of(
          "kinesis:DescribeStreamSummary",
          "kinesis:ListShards",
          "kinesis:GetShardIterator",
          "kinesis:GetRecords");

  /** Reading is for what live producers leave of the target's limits. */
  private static final List<String> WRITE_STREAM =
      List.of(
          "kinesis:DescribeStreamSummary",
          "kinesis:ListShards",
          "kinesis:PutRecords",
          "kinesis:GetShardIterator",
          "kinesis:GetRecords");

  /** What a table of the catalog is pointed with, and what keeps Glue's optimizers off it. */
  private static final List<String> WRITE_TABLES =
      List.of(
          "glue:GetTable",
          "glue:CreateTable",
          "glue:UpdateTable",
          "glue:CreateDatabase",
          "glue:GetTableOptimizer",
          "glue:CreateTableOptimizer",
          "glue:UpdateTableOptimizer");

  /** The policy document, as indented JSON. */
  public String document() {
    Policy policy = new Policy();
    if (command.needs(READ_STREAMS)) {
      policy.allow("ReadStreams", READ_STREAM, mine(streams));
    }
    if (command.needs(LIST_STREAMS) && streams.stream().anyMatch(s -> isMine(s.access()))) {
      policy.allow("ListStreams", List.of("kinesis:ListStreams"), List.of("*"));
    }
    if (command.needs(WRITE_TARGET)) {
      policy.allow("WriteTarget", WRITE_STREAM, mine(target.stream().toList()));
    }
    if (isOnS3() && isMine(reservoir.access())) {
      addReservoir(policy);
    }
    if (command.needs(WRITE_CATALOG)) {
      catalog.filter(glue -> isMine(glue.access())).ifPresent(glue -> addCatalog(policy, glue));
    }
    if (principal.isEmpty()) {
      policy.allow("AssumeRoles", List.of("sts:AssumeRole"), roles());
    }
    return policy.text();
  }

  /** The roles that the configuration names and the command uses. */
  public List<String> roles() {
    TreeSet<String> roles = new TreeSet<>();
    if (command.needs(READ_STREAMS)) {
      streams.forEach(stream -> stream.access().roleArn().ifPresent(roles::add));
    }
    if (command.needs(WRITE_TARGET)) {
      target.flatMap(stream -> stream.access().roleArn()).ifPresent(roles::add);
    }
    if (isOnS3()) {
      reservoir.access().roleArn().ifPresent(roles::add);
    }
    if (command.needs(WRITE_CATALOG)) {
      catalog.flatMap(glue -> glue.access().roleArn()).ifPresent(roles::add);
    }
    return List.copyOf(roles);
  }

  /** What a person must know beside the document. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (command.needs(READ_STREAMS) && streams.stream().anyMatch(s -> s.arn().isEmpty())) {
      notes.add(
          "streams that are configured by name are allowed in any account; configure them by ARN"
              + " to narrow that");
    }
    if (command.needs(WRITE_TARGET) && target.isEmpty()) {
      notes.add(
          command == CommandAccess.SERVE
              ? "without --target nobody can replay, whatever their role"
              : "the stream to replay into is missing: name it with --target");
    }
    if (command == CommandAccess.SERVE) {
      notes.add("for 'serve --no-archive' without replays, 'iam sql' is enough");
    }
    if (command.needs(READ_STREAMS)) {
      notes.add("a stream that is encrypted with your own KMS key needs kms:Decrypt on it, too");
    }
    if (command.needs(WRITE_CATALOG) && catalog.isPresent()) {
      notes.add(
          "'watershed catalog policy' prints how nobody else may change the catalog's tables");
    }
    if (principal.isEmpty() && !roles().isEmpty()) {
      notes.add("the roles need policies of their own: run this again with --role ARN for each");
    }
    if (!isOnS3()) {
      notes.add("the reservoir is a folder: it needs no policy");
    }
    return notes;
  }

  private void addReservoir(Policy policy) {
    String bucket = arn("s3", "", "", reservoir.root().getAuthority());
    String prefix = prefix();
    if (command.needs(READ_RESERVOIR)) {
      // IfExists: a GET of a key that is not there asks for this permission without a prefix, and
      // would be answered with 403 in place of 404.
      policy.allow(
          "ListReservoir",
          List.of("s3:ListBucket"),
          List.of(bucket),
          Map.of("StringLikeIfExists", Map.of("s3:prefix", List.of(prefix + "*"))));
      policy.allow("ReadReservoir", List.of("s3:GetObject"), List.of(bucket + "/" + prefix + "*"));
    }
    if (command.needs(WRITE_RESERVOIR)) {
      policy.allow("WriteReservoir", List.of("s3:PutObject"), List.of(bucket + "/" + prefix + "*"));
    }
    if (command.needs(WRITE_RECEIPTS)) {
      policy.allow(
          "WriteReceipts", List.of("s3:PutObject"), List.of(bucket + "/" + prefix + "receipts/*"));
    }
    if (command.needs(DELETE_RESERVOIR)) {
      policy.allow(
          "DeleteInReservoir", List.of("s3:DeleteObject"), List.of(bucket + "/" + prefix + "*"));
    }
    reservoir.kmsKey().ifPresent(key -> addKey(policy, key));
  }

  /** Glue asks for each action on the catalog, the database and the table. */
  private void addCatalog(Policy policy, CatalogSettings glue) {
    String region = region(glue.access());
    policy.allow(
        "PointTables",
        WRITE_TABLES,
        List.of(
            arn("glue", region, "*", "catalog"),
            arn("glue", region, "*", "database/" + glue.database()),
            arn("glue", region, "*", "table/" + glue.database() + "/*")));
  }

  /** Reading needs Decrypt, writing a data key. */
  private void addKey(Policy policy, String key) {
    boolean writes = command.needs(WRITE_RESERVOIR) || command.needs(WRITE_RECEIPTS);
    List<String> actions =
        writes ? List.of("kms:Decrypt", "kms:GenerateDataKey") : List.of("kms:Decrypt");
    if (key.contains("alias/")) {
      // A policy names keys by id only; an alias is a condition.
      String alias = key.substring(key.indexOf("alias/"));
      policy.allow(
          "ReservoirKey",
          actions,
          List.of(arn("kms", region(reservoir.access()), "*", "key/*")),
          Map.of("ForAnyValue:StringEquals", Map.of("kms:ResourceAliases", List.of(alias))));
    } else {
      String id =
          key.startsWith("arn:") ? key : arn("kms", region(reservoir.access()), "*", "key/" + key);
      policy.allow("ReservoirKey", actions, List.of(id));
    }
  }

  private List<String> mine(List<StreamConfig> all) {
    return all.stream()
        .filter(stream -> isMine(stream.access()))
        .map(
            stream ->
                stream
                    .arn()
                    .orElseGet(
                        () ->
                            arn(
                                "kinesis",
                                region(stream.access()),
                                "*",
                                "stream/" + stream.name())))
        .toList();
  }

  private boolean isMine(AwsAccess access) {
    return access.roleArn().equals(principal);
  }

  private boolean isOnS3() {
    return reservoir.root().getScheme().equals("s3");
  }

  private String prefix() {
    URI root = reservoir.root();
    String path = Optional.ofNullable(root.getPath()).orElse("").replaceFirst("^/", "");
    return path.isEmpty() ? "" : path + "/";
  }

  private String arn(String service, String region, String account, String resource) {
    return "arn:" + partition() + ":" + service + ":" + region + ":" + account + ":" + resource;
  }

  private static String region(AwsAccess access) {
    return access.region().orElse("*");
  }

  /** https://docs.aws.amazon.com/general/latest/gr/aws-arns-and-namespaces.html. */
  private String partition() {
    String region = region(reservoir.access());
    if (region.equals("*") && !streams.isEmpty()) {
      region = region(streams.get(0).access());
    }
    if (region.startsWith("cn-")) {
      return "aws-cn";
    }
    return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  }
}
