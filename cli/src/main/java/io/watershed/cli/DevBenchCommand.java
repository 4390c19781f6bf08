package io.watershed.cli;

import io.watershed.bench.BenchContext;
import io.watershed.bench.BenchReport;
import io.watershed.bench.BenchResult;
import io.watershed.bench.Benchmark;
import io.watershed.bench.Benchmarks;
import io.watershed.core.config.Nearest;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a benchmark. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Runs a benchmark; without a name, lists them.",
    footer = {
      "",
      "Examples:",
      "  watershed dev bench local-kinesis --check",
      "  watershed dev bench query --records 1000000 --folder /var/tmp/query"
    })
final class DevBenchCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "NAME", arity = "0..1", description = "Which benchmark.")
  @Nullable String name;

  @Option(names = "--check", description = "Exit with 1 when a figure misses its goal.")
  boolean check;

  @Option(names = "--quick", description = "A fraction of the data: only shows that it runs.")
  boolean quick;

  @Option(
      names = "--records",
      paramLabel = "N",
      description = "How many archived records, for the benchmarks of statements.")
  @Nullable Long records;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Work in this folder and keep it: what was made there is used again.")
  @Nullable Path folder;

  DevBenchCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    if (name == null) {
      for (Benchmark benchmark : all()) {
        context.console().print("%-20s %s".formatted(benchmark.name(), benchmark.description()));
      }
      return 0;
    }
    Benchmark benchmark = named(name);
    if (folder != null) {
      Path kept = context.folder().resolve(folder).toAbsolutePath();
      return run(benchmark, Files.createDirectories(kept));
    }
    Path temporary = Files.createTempDirectory("watershed-bench");
    try {
      return run(benchmark, temporary);
    } finally {
      Folders.delete(temporary);
    }
  }

  private int run(Benchmark benchmark, Path work) throws Exception {
    OptionalLong wanted = records == null ? OptionalLong.empty() : OptionalLong.of(records);
    BenchReport report =
        benchmark.run(new BenchContext(work, quick, wanted, line -> context.console().say(line)));
    boolean json = context.options().format() == OutputFormat.JSON;
    context.console().print(json ? report.json() : report.text().stripTrailing());
    List<BenchResult> missed = report.missedGoals();
    return check && !missed.isEmpty() ? 1 : 0;
  }

  private List<Benchmark> all() {
    return Benchmarks.all(new TrialDrillbits(context));
  }

  private Benchmark named(String name) {
    return all().stream()
        .filter(benchmark -> benchmark.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.USAGE,
                    "There is no benchmark '" + name + "'",
                    Nearest.to(name, all().stream().map(Benchmark::name).toList())
                        .map(nearest -> "Did you mean '" + nearest + "'?")
                        .orElse("'watershed dev bench' lists them.")));
  }
}
