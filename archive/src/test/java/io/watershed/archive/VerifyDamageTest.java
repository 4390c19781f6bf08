package io.watershed.archive;

import static io.watershed.archive.ArchiveFixture.STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.archive.verify.Verify;
import io.watershed.archive.verify.VerifyDepth;
import io.watershed.archive.verify.VerifyFinding;
import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.archive.verify.VerifyOptions;
import io.watershed.archive.verify.VerifyReport;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.OtherTool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of damage, done to a copy of one archive: verify names it, and the file. */
final class VerifyDamageTest {
  @TempDir static Path made;
  private static ArchiveFixture fixture;
  private static List<String> keys;

  @TempDir Path folder;
  private Path root;

  @BeforeAll
  static void archive() {
    fixture = new ArchiveFixture(made);
    fixture.createStream(2);
    for (int i = 0; i < 3; i++) {
      fixture.put(i * 50, i * 50 + 50);
      fixture.once();
    }
    keys = fixture.files().stream().map(file -> file.key()).toList();
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @BeforeEach
  void copy() throws IOException {
    root = folder.resolve("reservoir");
    try (Stream<Path> all = Files.walk(fixture.root)) {
      for (Path path : all.toList()) {
        Path copy = root.resolve(fixture.root.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy);
        }
      }
    }
  }

  private VerifyReport verify(VerifyOptions options) {
    try (Reservoir reservoir = Reservoir.open(root.toString(), AwsAccess.DEFAULT)) {
      return new Verify(reservoir, InstantSource.system()).run(STREAM, options);
    }
  }

  private VerifyReport cheap() {
    return verify(VerifyOptions.of(VerifyDepth.FOOTERS));
  }

  private VerifyReport deep() {
    return verify(VerifyOptions.of(VerifyDepth.ROWS));
  }

  private Path file(int number) {
    return root.resolve(keys.get(number));
  }

  private static void assertNames(VerifyReport report, Kind kind, String file) {
    assertThat(report.exitCode()).isEqualTo(4);
    assertThat(report.findings())
        .as("%s", report.findings())
        .anyMatch(
            f -> f.kind() == kind && f.file().map(found -> found.endsWith(file)).orElse(false));
    assertThat(report.findings())
        .filteredOn(f -> f.kind() == Kind.FILE_DAMAGED || f.kind() == Kind.FILE_MISSING)
        .allMatch(f -> f.file().orElse("").endsWith(file));
  }

  @Test
  void theCopyIsSound() {
    assertThat(cheap().findings()).isEmpty();
    VerifyReport report = deep();
    assertThat(report.findings()).isEmpty();
    assertThat(report.rowsRead()).isEqualTo(150);
    assertThat(report.limits()).isEmpty();
  }

  @Test
  void aFlippedBitIsFoundWhereverItIs() throws IOException {
    byte[] sound = Files.readAllBytes(file(1));
    Random random = new Random(3);
    for (int i = 0; i < 8; i++) {
      byte[] flipped = sound.clone();
      // The first, the last, and some between them: pages, dictionaries, bloom filters, footer.
      int at = i == 0 ? 0 : i == 1 ? sound.length - 1 : random.nextInt(sound.length);
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file(1), flipped);
      assertNames(deep(), Kind.FILE_DAMAGED, keys.get(1));
    }
  }

  @Test
  void noFlippedByteOfAFooterBreaksTheCheapCheck() throws IOException {
    byte[] sound = Files.readAllBytes(file(1));
    int length = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getInt(sound.length - 8);
    Random random = new Random(5);
    for (int i = 0; i < 80; i++) {
      byte[] flipped = sound.clone();
      flipped[sound.length - 8 - random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file(1), flipped);
      assertThat(cheap().findings())
          .allMatch(f -> f.kind().exitCode() == 4 && f.kind() != Kind.FILE_MISSING);
    }
  }

  @Test
  void aMissingAndATruncatedFileAreNamed() throws IOException {
    byte[] sound = Files.readAllBytes(file(0));
    Files.delete(file(0));
    assertNames(cheap(), Kind.FILE_MISSING, keys.get(0));
    Files.write(file(0), java.util.Arrays.copyOf(sound, sound.length - 1));
    assertNames(cheap(), Kind.FILE_DAMAGED, keys.get(0));
    Files.write(file(0), new byte[0]);
    assertNames(deep(), Kind.FILE_DAMAGED, keys.get(0));
  }

  @Test
  void aFileThatIsAnotherFileIsNamed() throws IOException {
    byte[] one = Files.readAllBytes(file(0));
    byte[] other = Files.readAllBytes(file(1));
    byte[] mixed = java.util.Arrays.copyOf(other, one.length);
    Files.write(file(0), mixed);
    assertNames(deep(), Kind.FILE_DAMAGED, keys.get(0));
  }

  @Test
  void aFileThatIsListedTwiceIsNamed() {
    new OtherTool(root, STREAM).appendAsWatershed(keys.get(1), keys.get(1));
    assertNames(cheap(), Kind.FILE_TWICE, keys.get(1));
  }

  @Test
  void aCopyUnderAnotherNameIsNamed() throws IOException {
    String copy = keys.get(1).replace(".parquet", "-again.parquet");
    Files.copy(file(1), root.resolve(copy));
    new OtherTool(root, STREAM).appendAsWatershed(keys.get(1), copy);
    VerifyReport report = deep();
    assertThat(report.exitCode()).isEqualTo(4);
    assertThat(report.findings())
        .anyMatch(
            f ->
                f.kind() == Kind.FILE_TWICE
                    && (f.message() + f.file()).contains(copy)
                    && (f.message() + f.file()).contains(keys.get(1)))
        .anyMatch(f -> f.kind() == Kind.SUMS_DIFFER)
        .anyMatch(f -> f.kind() == Kind.RECORD_TWICE);
  }

  @Test
  void whatAnotherToolAppendedIsNamedAndRepairTakesItOut() throws IOException {
    String key = STREAM + "/data/part-0.parquet";
    Files.copy(file(1), root.resolve(key));
    new OtherTool(root, STREAM).append(keys.get(1), key);
    VerifyReport report = cheap();
    assertNames(report, Kind.FILE_FOREIGN, key);
    assertThat(report.findings()).extracting(VerifyFinding::kind).contains(Kind.FOREIGN_SNAPSHOT);
    assertThat(report.rows()).isEqualTo(150);
    repair();
    assertThat(deep().findings()).isEmpty();
    assertThat(root.resolve(key)).exists();
  }

  @Test
  void whatAnotherToolDeletedOrRolledBackIsNamedAndRepairBringsItBack() {
    new OtherTool(root, STREAM).delete(keys.get(1));
    assertNames(cheap(), Kind.FILE_MISSING, keys.get(1));
    repair();
    assertThat(deep().findings()).isEmpty();

    new OtherTool(root, STREAM).rollBack();
    VerifyReport report = cheap();
    assertThat(report.findings())
        .filteredOn(f -> f.kind() == Kind.FILE_MISSING)
        .hasSizeBetween(keys.size() - 1, keys.size()); // of the first commit, or of nothing
    assertThat(report.findings()).anyMatch(f -> f.kind() == Kind.FOREIGN_SNAPSHOT);
    repair();
    assertThat(deep().findings()).isEmpty();
  }

  private void repair() {
    try (Reservoir reservoir = Reservoir.open(root.toString(), AwsAccess.DEFAULT)) {
      reservoir.find(STREAM).orElseThrow().repair();
    }
  }

  @Test
  void damagedMetadataIsAFindingAndNoCrash() throws IOException {
    Path metadata = root.resolve(STREAM).resolve("metadata");
    List<Path> lists;
    try (Stream<Path> all = Files.list(metadata)) {
      lists = all.filter(path -> path.toString().endsWith(".avro")).toList();
    }
    for (Path list : lists) {
      byte[] sound = Files.readAllBytes(list);
      byte[] damaged = sound.clone();
      java.util.Arrays.fill(damaged, sound.length / 2, sound.length, (byte) 0);
      Files.write(list, damaged);
      VerifyReport report = cheap();
      assertThat(report.exitCode()).isIn(0, 4); // old lists are nobody's any more
      Files.delete(list);
      VerifyReport without = cheap();
      assertThat(without.exitCode()).isEqualTo(report.exitCode());
      Files.write(list, sound);
    }
    assertThat(cheap().exitCode()).isZero();
  }

  @Test
  void columnsThatDoNotFollowFromThePayloadAreFound() {
    VerifyReport report = verify(VerifyOptions.of(VerifyDepth.ROWS).withFormat(PayloadFormat.RAW));
    assertThat(report.findings()).hasSize(keys.size());
    assertThat(report.findings()).allMatch(f -> f.kind() == Kind.COLUMNS_DIFFER);
    assertThat(report.exitCode()).isEqualTo(4);
  }

  @Test
  void someDaysOnly() throws IOException {
    LocalDate day = fixture.files().get(0).day();
    VerifyOptions options = VerifyOptions.of(VerifyDepth.ROWS);
    Files.delete(file(1));
    VerifyReport later = verify(options.withDays(Optional.of(day.plusDays(1)), Optional.empty()));
    assertThat(later.findings()).isEmpty();
    assertThat(later.files()).isZero();
    assertThat(later.limits()).isNotEmpty();
    VerifyReport earlier = verify(options.withDays(Optional.of(day), Optional.of(day.plusDays(1))));
    assertNames(earlier, Kind.FILE_MISSING, keys.get(1));
  }

  @Test
  void itStopsWhenItIsAsked() {
    assertThatThrownBy(
            () -> verify(VerifyOptions.of(VerifyDepth.ROWS).watchedBy(progress -> {}, () -> true)))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
  }
}
