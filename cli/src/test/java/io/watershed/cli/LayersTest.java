package io.watershed.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Enforces the table of layers in docs/architecture.md: a lower one never names a higher one. */
class LayersTest {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z-]+)` \\|[^|]*\\| ([^|]+) \\|$", Pattern.MULTILINE);
  private static final Pattern NAME = Pattern.compile("`([a-z-]+)`");
  private static final String ANYTHING = "everything";

  private static JavaClasses ours;
  private static String table;

  @BeforeAll
  static void read() throws Exception {
    ours =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.watershed");
    table = Files.readString(root().resolve("docs/architecture.md"));
  }

  @Test
  void everyModuleUsesOnlyWhatItsRowAllows() {
    List<String> checked = new ArrayList<>();
    for (Map.Entry<String, List<String>> row : rows().entrySet()) {
      if (row.getValue().contains(ANYTHING)) {
        continue;
      }
      List<String> allowed = new ArrayList<>();
      allowed.add(packages(row.getKey()));
      row.getValue().forEach(module -> allowed.add(packages(module)));
      classes()
          .that()
          .resideInAPackage(packages(row.getKey()))
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(allowed.toArray(String[]::new))
                  .or(resideOutsideOfPackages("io.watershed..")))
          .allowEmptyShould(true)
          .check(ours);
      checked.add(row.getKey());
    }
    assertThat(checked).contains("core", "kinesis", "reservoir", "archive", "query", "replay");
  }

  @Test
  void everyPackageBelongsToAModuleOfTheTable() {
    TreeSet<String> roots = new TreeSet<>();
    for (JavaClass type : ours) {
      roots.add(type.getPackageName().split("\\.")[2]);
    }
    assertThat(rows().keySet().stream().map(module -> module.replace("-", ""))).containsAll(roots);
  }

  @Test
  void theConsumersLibraryDependsOnNothing() {
    classes()
        .that()
        .resideInAPackage("io.watershed.consumer..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage("io.watershed.consumer..", "java..", "org.jspecify.."))
        .check(ours);
  }

  @Test
  void onlyTheAdaptersKnowTheirLibraries() {
    confine("software.amazon.awssdk..", "aws", "kinesis", "reservoir", "cluster", "glue", "bench");
    confine("org.apache.iceberg..", "reservoir", "bench");
    confine("org.duckdb..", "duckdb", "archive", "query", "bench");
    confine("org.apache.avro..", "core");
    confine("picocli..", "cli");
    confine("org.apache.parquet..", "reservoir", "archive", "query", "simulator");
    confine("io.prometheus..", "server");
    confine("io.javalin..", "server");
    confine("org.eclipse.jetty..", "server");
    confine("org.apache.arrow..", "flight");
    confine("io.opentelemetry..", "server", "cli");
  }

  @Test
  void anAnswerToOneStatementStartsWithoutTheLineEditor() {
    classes()
        .that()
        .resideOutsideOfPackage("io.watershed.cli.shell..")
        .should()
        .onlyDependOnClassesThat(resideOutsideOfPackages("org.jline.."))
        .check(ours);
    classes()
        .that()
        .resideOutsideOfPackage("io.watershed.cli.shell..")
        .and()
        .doNotHaveSimpleName("SqlCommand")
        .should()
        .onlyDependOnClassesThat(resideOutsideOfPackages("io.watershed.cli.shell.."))
        .check(ours);
  }

  private static void confine(String library, String... modules) {
    List<String> packages = new ArrayList<>();
    for (String module : modules) {
      packages.add(packages(module));
    }
    classes()
        .that()
        .resideOutsideOfPackages(packages.toArray(String[]::new))
        .should()
        .onlyDependOnClassesThat(resideOutsideOfPackages(library))
        .check(ours);
  }

  private static Map<String, List<String>> rows() {
    Map<String, List<String>> rows = new java.util.TreeMap<>();
    Matcher row = ROW.matcher(table);
    while (row.find()) {
      List<String> uses = new ArrayList<>();
      if (row.group(2).contains(ANYTHING)) {
        uses.add(ANYTHING);
      }
      Matcher name = NAME.matcher(row.group(2));
      while (name.find()) {
        uses.add(name.group(1));
      }
      rows.put(row.group(1), uses);
    }
    return rows;
  }

  private static String packages(String module) {
    return "io.watershed." + module.replace("-", "") + "..";
  }

  static Path root() {
    return Path.of(System.getProperty("watershed.root", "..")).toAbsolutePath().normalize();
  }
}
