package io.watershed.reservoir.store;

import static io.watershed.reservoir.store.ObjectStoreContract.bytes;
import static io.watershed.reservoir.store.ScriptedS3.Put.CONFLICT;
import static io.watershed.reservoir.store.ScriptedS3.Put.CUT;
import static io.watershed.reservoir.store.ScriptedS3.Put.DENIED;
import static io.watershed.reservoir.store.ScriptedS3.Put.NOT_IMPLEMENTED;
import static io.watershed.reservoir.store.ScriptedS3.Put.OTHER_FIRST;
import static io.watershed.reservoir.store.ScriptedS3.Put.SLOW_DOWN;
import static io.watershed.reservoir.store.ScriptedS3.Put.STORE_THEN_500;
import static io.watershed.reservoir.store.ScriptedS3.Put.STORE_THEN_CUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.aws.AwsConnection;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.AwsClientSettings;
import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import io.watershed.reservoir.store.S3ProxyServer.Pauses;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conditional create through answers that are lost, late, refused or someone else's. */
class S3StoreFaultTest {
  private static final String PATH = "/bucket/root/key";
  private static ScriptedS3 s3;
  private static ObjectStore store;

  @BeforeAll
  static void start() throws Exception {
    s3 = new ScriptedS3();
    store = open(AwsAccess.local(s3.endpoint()), Optional.empty());
  }

  private static ObjectStore open(AwsAccess access, Optional<String> kmsKey) {
    return S3Store.open(
        S3Location.parse("s3://bucket/root"),
        AwsConnection.open(access, AwsClientSettings.DEFAULTS),
        ReservoirSettings.DEFAULTS,
        Pauses.NONE,
        InstantSource.system(),
        kmsKey);
  }

  @AfterAll
  static void stop() {
    store.close();
    s3.close();
  }

  @BeforeEach
  void empty() {
    s3.objects.clear();
  }

  @Test
  void aLostRequestIsSentAgain() {
    s3.next(CUT, CUT);
    assertThat(create("mine")).isEqualTo(CreateOutcome.CREATED);
    assertThat(s3.puts).hasValue(3);
    assertStored("mine");
  }

  @Test
  void aLostAnswerToAWonCreateIsStillAWin() {
    for (ScriptedS3.Put fault : new ScriptedS3.Put[] {STORE_THEN_CUT, STORE_THEN_500}) {
      s3.objects.clear();
      s3.next(fault);
      assertThat(create("mine")).isEqualTo(CreateOutcome.CREATED);
      assertStored("mine");
    }
  }

  @Test
  void aConflictSaysNothingAndIsTriedAgain() {
    s3.next(CONFLICT, SLOW_DOWN, CONFLICT);
    assertThat(create("mine")).isEqualTo(CreateOutcome.CREATED);
    assertThat(s3.puts).hasValue(4);
  }

  @Test
  void someoneElsesBytesWinEvenAfterALostRequestOfOurs() {
    s3.next(CUT, OTHER_FIRST);
    assertThat(create("mine")).isEqualTo(CreateOutcome.EXISTS);
    assertStored("other");
  }

  @Test
  void bytesOfTheSameLengthAreComparedNotCounted() {
    s3.next(OTHER_FIRST);
    assertThat(create("OTHER")).isEqualTo(CreateOutcome.EXISTS);
  }

  @Test
  void withoutADefiniteAnswerWithinTheBoundTheOutcomeIsUnknown() {
    s3.next(CUT, CUT, CUT, CUT, CUT, CUT, CUT, CUT, CUT);
    assertThat(create("mine")).isEqualTo(CreateOutcome.UNKNOWN);
    assertThat(s3.puts).hasValue(ReservoirSettings.DEFAULTS.storeAttempts());
  }

  @Test
  void aRefusalAfterALostRequestDoesNotMakeTheLostOneDefinite() {
    s3.next(CUT, DENIED);
    assertThat(create("mine")).isEqualTo(CreateOutcome.UNKNOWN);
  }

  @Test
  void aFirstRefusalIsAnErrorAndIsNotRepeated() {
    s3.next(DENIED);
    assertCode(ErrorCode.ACCESS_DENIED);
    assertThat(s3.puts).hasValue(1);
  }

  @Test
  void conflictsWithoutEndAreAnErrorSinceNothingWasWritten() {
    s3.next(
        CONFLICT, CONFLICT, CONFLICT, CONFLICT, CONFLICT, CONFLICT, CONFLICT, CONFLICT, CONFLICT);
    assertCode(ErrorCode.STORE);
  }

  @Test
  void everyKindOfWriteNamesTheKmsKey(@TempDir Path folder) throws Exception {
    s3.next();
    Path file = Files.writeString(folder.resolve("file"), "x");
    String key = "arn:aws:kms:eu-central-1:123456789012:key/1";
    try (ObjectStore encrypted = open(AwsAccess.local(s3.endpoint()), Optional.of(key))) {
      encrypted.createIfAbsent("created", bytes("x"));
      encrypted.put("put", bytes("x"));
      encrypted.upload("uploaded", file);
    }
    assertThat(s3.putHeaders)
        .hasSize(3)
        .allSatisfy(
            headers -> {
              assertThat(headers.getFirst("x-amz-server-side-encryption")).isEqualTo("aws:kms");
              assertThat(headers.getFirst("x-amz-server-side-encryption-aws-kms-key-id"))
                  .isEqualTo(key);
            });
  }

  @Test
  void aStoreThatDoesNotKnowTheConditionIsRefused() {
    s3.next(NOT_IMPLEMENTED);
    assertCode(ErrorCode.STORE_NOT_CONDITIONAL);
  }

  @Test
  void nobodyAtTheAddressIsUnreachableNotUnknown() throws Exception {
    // A reserved port: one that was free a moment ago may be another process's by now.
    AwsAccess access = AwsAccess.local(URI.create("http://127.0.0.1:1"));
    try (ObjectStore nowhere = open(access, Optional.empty())) {
      assertThatThrownBy(() -> nowhere.createIfAbsent("key", bytes("x")))
          .isInstanceOfSatisfying(
              WatershedException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE);
                assertThat(e).hasMessageContaining("key").hasMessageContaining("127.0.0.1");
                assertThat(e.hint()).isNotEmpty();
              });
    }
  }

  private static CreateOutcome create(String content) {
    return store.createIfAbsent("key", bytes(content));
  }

  private static void assertStored(String content) {
    assertThat(s3.objects.get(PATH)).isEqualTo(bytes(content));
  }

  private static void assertCode(ErrorCode code) {
    assertThatThrownBy(() -> create("mine"))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
