package io.watershed.cli;

import io.watershed.cli.iam.CatalogPolicy;
import io.watershed.core.config.CatalogSettings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints who may change the archives' tables. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a resource policy for the Glue Data Catalog by which only the archiver's role may",
      "change or delete the archives' tables, whatever else users and engines are allowed. Nothing",
      "is asked of AWS. What the role itself needs is in 'watershed iam archive'."
    },
    footer = {
      "",
      "Example:",
      "  watershed catalog policy --role arn:aws:iam::123456789012:role/archiver > policy.json",
      "  aws glue put-resource-policy --policy-in-json file://policy.json"
    })
final class CatalogPolicyCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(
      names = "--role",
      paramLabel = "ARN",
      required = true,
      description = "The role that archivers run with.")
  String role = "";

  CatalogPolicyCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    CatalogSettings catalog =
        context.config().catalog().orElseThrow(() -> CatalogCommand.missing(context));
    context.console().print(CatalogPolicy.of(catalog, role));
    context
        .console()
        .say(
            "note: put-resource-policy replaces the catalog's policy; if there is one, add the"
                + " statement to it (aws glue get-resource-policy).");
    return 0;
  }
}
