package io.watershed.cli;

import io.watershed.core.config.StreamConfig;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.kinesis.StreamDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import picocli.CommandLine.Command;

/** Checks that everything is reachable and allowed. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Checks the configuration file, credentials, region, each stream and the reservoir:",
      "a line each, with a hint where something is wrong."
    },
    footer = {"", "Example:", "  watershed doctor --config prod.yaml"})
final class DoctorCommand implements Callable<Integer> {
  private final CommandContext context;
  private final List<Check> checks = new ArrayList<>();

  DoctorCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    WatershedConfig config;
    try {
      config = context.config();
    } catch (WatershedException e) {
      return finish(Check.failed("file", context.configFile().toString(), e));
    }
    add(Check.ok("file", config.where() + ", " + config.streams().size() + " streams"));
    try (Connections connections = new Connections(context, config)) {
      for (Connections.Account account : connections.accounts()) {
        check("access", account.name(), account::describe);
      }
      for (StreamConfig stream : config.streams()) {
        check("stream", stream.alias(), () -> describe(connections, stream));
      }
      if (config.streams().isEmpty()) {
        add(
            new Check(
                "stream", "", false, "none is configured", "Add them under 'streams:'.", "config"));
      }
      check(
          "reservoir",
          config.reservoir().root().toString(),
          () -> {
            connections.reservoir().probe();
            return connections.reservoir().streams().size()
                + " streams archived; conditional create works";
          });
    }
    return finish();
  }

  private static String describe(Connections connections, StreamConfig stream) {
    StreamDescription found = connections.describe(stream);
    return "%s, %d open shards, keeps %d h"
        .formatted(found.status(), found.openShards(), found.retention().toHours());
  }

  private void check(String what, String name, Supplier<String> probe) {
    try {
      add(Check.ok(what, name + ": " + probe.get()));
    } catch (WatershedException e) {
      add(Check.failed(what, name, e));
    } catch (CompletionException e) {
      add(
          Check.failed(
              what,
              name,
              e.getCause() instanceof WatershedException known
                  ? known
                  : new WatershedException(ErrorCode.INTERNAL, String.valueOf(e), "", e)));
    }
  }

  private void add(Check check) {
    checks.add(check);
    if (context.options().format() == OutputFormat.TABLE) {
      String mark = check.ok() ? "ok  " : "FAIL";
      context.console().print("%s  %-9s  %s".formatted(mark, check.what(), check.text()));
      if (!check.hint().isBlank()) {
        context.console().print("      hint: " + check.hint());
      }
    }
  }

  private int finish(Check... last) {
    for (Check check : last) {
      add(check);
    }
    boolean ok = checks.stream().allMatch(Check::ok);
    if (context.options().format() != OutputFormat.TABLE) {
      var object = Json.object().put("ok", ok);
      var list = object.putArray("checks");
      checks.forEach(
          check ->
              list.addObject()
                  .put("check", check.what())
                  .put("ok", check.ok())
                  .put("text", check.text())
                  .put("hint", check.hint())
                  .put("code", check.code()));
      context.console().print(object.toString());
    }
    return ok ? 0 : 1;
  }

  /** One line of the answer. */
  record Check(String what, String name, boolean ok, String text, String hint, String code) {
    static Check ok(String what, String text) {
      return new Check(what, "", true, text, "", "ok");
    }

    static Check failed(String what, String name, WatershedException e) {
      return new Check(what, name, false, name + ": " + e.getMessage(), e.hint(), e.code().text());
    }
  }
}
