package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.cli.shell.Shell;
import io.watershed.cli.sql.SqlSession;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import io.watershed.query.Catalog;
import io.watershed.query.QueryEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell as a person uses it, on a terminal in memory. */
class ShellTest {
  private static final String PROMPT = "watershed> ";
  private static final String CTRL_D = "\u0004";
  private static final String CTRL_P = "\u0010";
  private static final Pattern CONTROL = Pattern.compile("\u001b(\\[[0-9;?]*[A-Za-z]|[=>])");

  @TempDir static Path folder;
  private static LocalKinesis kinesis;

  @BeforeAll
  static void start() throws IOException {
    kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withEnforceLimits(false));
    kinesis.createStream("orders", 1);
    Files.writeString(
        folder.resolve("watershed.yaml"),
        "aws: {endpoint_url: '"
            + kinesis.endpoint()
            + "', local_credentials: true, region: us-east-1}\nstreams: {orders: {}}\n");
    for (int i = 0; i < 40; i++) {
      String payload = "{\"id\":" + i + ",\"customer\":\"c\\u001b[2J\",\"e\\u001bvil\":1}";
      kinesis.put("orders", "key", payload.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(new CommandRun(folder).run("archive", "--once").status()).isZero();
  }

  @AfterAll
  static void stop() {
    kinesis.close();
  }

  @Test
  void statementsTakeSeveralLinesAndErrorsDoNotEndTheShell() throws Exception {
    try (Person person = new Person(100)) {
      person.types("SELECT count(*)\r").sees("-> ");
      person.types("AS \"a;b\" FROM orders;\r").sees("(1 row").sees("receipt ");
      person.types("SELECT nothing FROM orders;\r").sees("error[sql]: ").sees("hint: ");
      person.types("\\tining\r").sees("Did you mean \\timing?");
      person.types("\\timing\rSELECT 1 AS x; SELECT 2 AS y;\r").sees("time: check").sees("y\r\n");
      person.types("\\o csv\r").types("SELECT 7 AS seven;\r").sees("seven\r\n7\r\n");
      person.types("\\d\r").sees("orders_live\r\n").sees("watershed.shards");
      person.types(CTRL_D).leaves();
    }
    try (Person person = new Person(100)) {
      person.types("\\q\r").leaves();
    }
  }

  @Test
  void namesAreCompleted() throws Exception {
    try (Person person = new Person(100)) {
      person.types("sel\t").sees("select ").types("count(*) from ord\t_li\t").sees("orders_live");
      person.types(";\r").sees("(1 row");
      person.types("FROM orders SELECT cus\t").sees("customer ").types("LIMIT 1;\r").sees("c [2J");
      person.types("FROM orders SELECT orders.i\t").sees("orders.id ").types("LIMIT 1;\r");
      person.sees("(1 row").types("\\li\t").sees("\\live ").types("of\t\r").sees(PROMPT);
      person.types("SELECT count(*) FROM orders_live;\r").sees("0\r\n(1 row");
      assertThat(person.screen()).doesNotContain("evil");
    }
  }

  @Test
  void anInterruptCancelsTheStatementAndNotTheShell() throws Exception {
    try (Person person = new Person(100)) {
      person.types(
          "SELECT count(*) FROM orders a, orders b, orders c, orders d, orders e, orders f, orders"
              + " g WHERE hash(a.id, b.id, c.id, d.id, e.id, f.id, g.id) = 1;\r");
      person.sees("running").sees("(Ctrl-C cancels)").interrupts();
      person.sees("error[cancelled]");
      person.sees(PROMPT).types("SELECT half of a line").sees("half of a line").interrupts();
      person.sees(PROMPT);
      person.types("SELECT 6 * 7 AS answer;\r").sees("42").sees("(1 row");
    }
  }

  @Test
  void aLongResultStopsPageByPage() throws Exception {
    try (Person person = new Person(12)) {
      person.types("SELECT id + 1000 AS n FROM orders ORDER BY id;\r").sees("1008\r\n-- more");
      person.types("\r").sees("1009\r\n-- more").types(" ").sees("1020\r\n-- more").types("q");
      person.sees(PROMPT);
      person.types("\\o ndjson\r").types("SELECT id + 2000 AS n FROM orders ORDER BY id;\r");
      person.sees("{\"n\":2010}\r\n-- more").interrupts();
      person.sees(PROMPT).types("SELECT 'still here' AS x;\r").sees("{\"x\":\"still here\"}");
      assertThat(person.screen())
          .doesNotContain("1021")
          .doesNotContain("2011")
          .doesNotContain("error");
    }
  }

  @Test
  void theHistoryOutlivesTheShell() throws Exception {
    try (Person person = new Person(100)) {
      person.types("SELECT 'first'\r").sees("-> ").types("|| 'second' AS x;\r").sees("firstsecond");
      person.types("SELECT 1 AS one WHERE 'secret' = 'x' OR 'AKIAIOSFODNN7EXAMPLE' = '';\r");
      person.sees("(0 rows").types(CTRL_D).leaves();
    }
    try (Person person = new Person(100)) {
      person.types(CTRL_P).sees("|| 'second' AS x;").types("\r").sees("firstsecond");
    }
    assertThat(Files.readString(folder.resolve("state/watershed/sql_history")))
        .contains("first")
        .doesNotContain("AKIA");
  }

  /** Types and reads; the shell runs in a thread. */
  private static final class Person implements AutoCloseable {
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final LineDisciplineTerminal terminal;
    private final CompletableFuture<Void> shell;
    private int seen;

    Person(int rows) throws Exception {
      terminal = new LineDisciplineTerminal("test", "xterm", screen, StandardCharsets.UTF_8);
      terminal.setSize(new Size(80, rows));
      shell = CompletableFuture.runAsync(this::run);
      sees(PROMPT);
    }

    private void run() {
      CommandContext context =
          new CommandContext(
              new GlobalOptions(),
              Console.of(screen, screen, Console.Terminals.NONE),
              InputStream.nullInputStream(),
              Map.of(
                  "WATERSHED_CACHE", folder.resolve("cache").toString(),
                  "XDG_STATE_HOME", folder.resolve("state").toString()),
              folder,
              Clock.systemUTC(),
              Shutdown.manual());
      try (Connections connections = new Connections(context, context.config());
          QueryEngine engine = connections.engine()) {
        Shell.run(
            context,
            terminal,
            (console, output) ->
                new SqlSession(
                    engine,
                    console,
                    context.clock(),
                    context.shutdown(),
                    output,
                    OutputFormat.TABLE),
            new Catalog(engine, connections::knownStreams, context.clock()),
            10_000);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    Person types(String text) throws IOException {
      terminal.processInputBytes(text.getBytes(StandardCharsets.UTF_8));
      return this;
    }

    void interrupts() {
      terminal.raise(Signal.INT);
    }

    /** What was printed, without the sequences that move the cursor and set colours. */
    String screen() {
      String text = CONTROL.matcher(screen.toString(StandardCharsets.UTF_8)).replaceAll("");
      return text.replaceAll("\r+\n", "\r\n");
    }

    /** Waits for the text after what was seen before. */
    Person sees(String text) throws Exception {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (screen().indexOf(text, seen) < 0) {
        assertThat(shell).as(screen()).isNotDone();
        assertThat(System.nanoTime()).as("'%s' in\n%s", text, screen()).isLessThan(end);
        Thread.sleep(5);
      }
      seen = screen().indexOf(text, seen) + text.length();
      return this;
    }

    void leaves() throws Exception {
      shell.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
      terminal.close();
      shell.handle((done, failure) -> done).get(30, TimeUnit.SECONDS);
    }
  }
}
