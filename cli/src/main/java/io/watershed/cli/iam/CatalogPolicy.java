package io.watershed.cli.iam;

import io.watershed.core.config.CatalogSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The resource policy of a Glue Data Catalog by which one role alone changes the archives' tables
 * (https://docs.aws.amazon.com/glue/latest/dg/glue-policy-examples-resource-policies.html). The
 * tables only are named: an action that is denied on the catalog or the database is denied for all
 * of its tables.
 */
public final class CatalogPolicy {
  private static final Pattern ROLE =
      Pattern.compile("arn:(aws|aws-cn|aws-us-gov):iam::(\\d{12}):role/[\\w+=,.@/-]{1,512}");

  private static final List<String> CHANGES =
      List.of(
          "glue:UpdateTable",
          "glue:DeleteTable",
          "glue:BatchDeleteTable",
          "glue:CreateTableOptimizer",
          "glue:UpdateTableOptimizer",
          "glue:DeleteTableOptimizer");

  private CatalogPolicy() {}

  /**
   * The policy, as indented JSON.
   *
   * @param role the ARN of the role that archivers run with; its account is the catalog's
   * @throws WatershedException {@code usage} for a role that is none, {@code config} without a
   *     region
   */
  public static String of(CatalogSettings catalog, String role) {
    Matcher arn = ROLE.matcher(role);
    if (!arn.matches()) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "'" + role + "' is not the ARN of a role",
          "Write arn:aws:iam::123456789012:role/name: the role, not a session of it.");
    }
    String region =
        catalog
            .access()
            .region()
            .orElseThrow(
                () ->
                    new WatershedException(
                        ErrorCode.CONFIG,
                        "The catalog's region is not known",
                        "Set region under 'catalog' or 'aws', or give --region."));
    String tables =
        "arn:%s:glue:%s:%s:table/%s/*"
            .formatted(arn.group(1), region, arn.group(2), catalog.database());
    return new Policy()
        .denyOthers("OnlyTheArchiverChangesArchives", CHANGES, List.of(tables), role)
        .text();
  }
}
