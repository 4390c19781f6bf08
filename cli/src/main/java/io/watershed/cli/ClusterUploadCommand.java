package io.watershed.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.cluster.ClusterResource;
import io.watershed.cluster.ClusterResources;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Uploads what the cluster installs. */
@Command(
    name = "upload-resources",
    aliases = "u",
    mixinStandardHelpOptions = true,
    description = {
      "Uploads what the cluster installs to 'resources' in S3: Drill with watershed's plugin, Hive's",
      "storage handler, the configuration without server and tokens, a bootstrap script. What is",
      "there is not uploaded again."
    },
    footer = {"", "Example:", "  watershed cluster upload-resources --dry-run"})
final class ClusterUploadCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin ClusterOptions.Drill drill = new ClusterOptions.Drill();

  @Option(names = "--dry-run", description = "Print the requests; send none.")
  boolean dryRun;

  ClusterUploadCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (ClusterSession session = new ClusterSession(context)) {
      ClusterResources resources = session.resources(drill);
      if (dryRun) {
        context.console().print(ClusterSession.pretty(ClusterSteps.uploadRequests(resources)));
        return 0;
      }
      List<ClusterResource> uploaded = new ClusterSteps(session).upload(resources);
      if (context.options().format() == OutputFormat.TABLE) {
        context
            .console()
            .print("%d of %d files uploaded".formatted(uploaded.size(), resources.all().size()));
        return 0;
      }
      ArrayNode files = Json.MAPPER.createArrayNode();
      for (ClusterResource resource : resources.all()) {
        ObjectNode file = files.addObject();
        file.put("uri", resource.uri().toString());
        file.put("bytes", resource.sizeBytes());
        file.put("uploaded", uploaded.contains(resource));
      }
      context.console().print(files.toString());
    }
    return 0;
  }
}
