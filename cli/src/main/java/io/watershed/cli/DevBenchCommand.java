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
    footer = {"", "Example:", "  watershed dev bench local-kinesis --check"})
final class DevBenchCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "NAME", arity = "0..1", description = "Which benchmark.")
  @Nullable String name;

  @Option(names = "--check", description = "Exit with 1 when a figure misses its goal.")
  boolean check;

  @Option(names = "--quick", description = "A fraction of the data: only shows that it runs.")
  boolean quick;

  DevBenchCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    if (name == null) {
      for (Benchmark benchmark : Benchmarks.all()) {
        context.console().print("%-20s %s".formatted(benchmark.name(), benchmark.description()));
      }
      return 0;
    }
    Benchmark benchmark = named(name);
    Path folder = Files.createTempDirectory("watershed-bench");
    try {
      BenchReport report =
          benchmark.run(new BenchContext(folder, quick, line -> context.console().say(line)));
      boolean json = context.options().format() == OutputFormat.JSON;
      context.console().print(json ? report.json() : report.text().stripTrailing());
      List<BenchResult> missed = report.missedGoals();
      return check && !missed.isEmpty() ? 1 : 0;
    } finally {
      Folders.delete(folder);
    }
  }

  private static Benchmark named(String name) {
    return Benchmarks.named(name)
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.USAGE,
                    "There is no benchmark '" + name + "'",
                    Nearest.to(name, Benchmarks.all().stream().map(Benchmark::name).toList())
                        .map(nearest -> "Did you mean '" + nearest + "'?")
                        .orElse("'watershed dev bench' lists them.")));
  }
}
