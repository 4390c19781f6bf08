package io.watershed.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.AwsClientSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;

class AwsConnectionTest {
  private static final AwsRegionProvider NO_INSTANCE =
      () -> {
        throw SdkClientException.create("not on an instance");
      };

  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("config"),
            "[profile work]\nregion = eu-west-3\n[default]\nregion = sa-east-1\n");
    Path credentials =
        Files.writeString(
            folder.resolve("credentials"),
            "[work]\naws_access_key_id = WORK\naws_secret_access_key = s\n");
    System.setProperty("aws.configFile", config.toString());
    System.setProperty("aws.sharedCredentialsFile", credentials.toString());
  }

  @AfterEach
  void noFiles() {
    System.clearProperty("aws.configFile");
    System.clearProperty("aws.sharedCredentialsFile");
    System.clearProperty("aws.region");
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @Test
  void theRegionIsFoundInTheOrderOfTheCommandLineTool() {
    Map<String, String> environment = Map.of("AWS_DEFAULT_REGION", "ap-south-1");
    RegionLookup lookup = new RegionLookup(environment::get, () -> Region.of("us-west-1"));
    System.setProperty("aws.region", "ca-central-1");
    assertThat(lookup.find(access("eu-central-1", "work")).id()).isEqualTo("eu-central-1");
    assertThat(lookup.find(access(null, "work")).id()).isEqualTo("ca-central-1");
    System.clearProperty("aws.region");
    assertThat(lookup.find(access(null, "work")).id())
        .as("the SDK itself ignores AWS_DEFAULT_REGION")
        .isEqualTo("ap-south-1");
    RegionLookup bare = new RegionLookup(name -> null, () -> Region.of("us-west-1"));
    assertThat(bare.find(access(null, "work")).id()).isEqualTo("eu-west-3");
    assertThat(bare.find(access(null, "other")).id()).isEqualTo("us-west-1");
  }

  @Test
  void withoutARegionTheErrorSaysHowToSetOne() {
    RegionLookup lookup = new RegionLookup(name -> null, NO_INSTANCE);
    assertThatThrownBy(() -> lookup.find(access(null, "other")))
        .isInstanceOfSatisfying(
            WatershedException.class,
            error -> {
              assertThat(error.code()).isEqualTo(ErrorCode.CONFIG);
              assertThat(error.hint()).contains("--region");
            });
    assertThatThrownBy(() -> lookup.find(access("eu central", null)))
        .hasMessageContaining("not the name of an AWS region");
  }

  @Test
  void aNamedProfileWinsOverKeysInTheEnvironment() {
    System.setProperty("aws.accessKeyId", "ENVIRONMENT");
    System.setProperty("aws.secretAccessKey", "s");
    AwsCredentials named =
        CredentialsLookup.find(access("us-east-1", "work"), Region.US_EAST_1).resolveCredentials();
    assertThat(named.accessKeyId()).isEqualTo("WORK");
    AwsCredentials unnamed =
        CredentialsLookup.find(access("us-east-1", null), Region.US_EAST_1).resolveCredentials();
    assertThat(unnamed.accessKeyId()).isEqualTo("ENVIRONMENT");
  }

  @Test
  void aProfileThatDoesNotExistNamesThoseThatDo() {
    assertThatThrownBy(
            () -> AwsConnection.open(access("us-east-1", "wrok"), AwsClientSettings.DEFAULTS))
        .isInstanceOfSatisfying(
            WatershedException.class,
            error -> {
              assertThat(error.code()).isEqualTo(ErrorCode.CONFIG);
              assertThat(error.hint()).isEqualTo("Known profiles: default, work");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.1:4567",
        "http://kinesis.eu-central-1.amazonaws.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com:1"
      })
  void dummyCredentialsNeverLeaveThisMachine(String url) {
    assertThatThrownBy(
            () -> AwsConnection.open(AwsAccess.local(URI.create(url)), AwsClientSettings.DEFAULTS))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining("this machine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:1", "http://localhost:1", "https://[::1]:1"})
  void dummyCredentialsServeALocalEndpoint(String url) {
    try (AwsConnection aws =
        AwsConnection.open(AwsAccess.local(URI.create(url)), AwsClientSettings.DEFAULTS)) {
      assertThat(aws.region()).isEqualTo("us-east-1");
      assertThat(aws.place("S3").text()).startsWith("S3 at ").contains("us-east-1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:4567", "ftp://127.0.0.1", "localhost"})
  void anEndpointThatIsNoUrlIsRefused(String url) {
    assertThatThrownBy(
            () -> AwsConnection.open(AwsAccess.local(toUri(url)), AwsClientSettings.DEFAULTS))
        .isInstanceOfSatisfying(
            WatershedException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.CONFIG));
  }

  @Test
  void aRoleIsAssumedWithTheExternalIdAndTheProfilesKeys() throws IOException {
    AtomicReference<String> asked = new AtomicReference<>("");
    AtomicReference<String> signedBy = new AtomicReference<>("");
    HttpServer sts = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    sts.createContext(
        "/",
        exchange -> {
          asked.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          signedBy.set(exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] answer = ASSUMED.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    sts.start();
    System.setProperty("aws.endpointUrlSts", "http://127.0.0.1:" + sts.getAddress().getPort());
    try {
      AwsAccess access =
          new AwsAccess(
              Optional.of("us-east-1"),
              Optional.of("work"),
              Optional.empty(),
              Optional.of("arn:aws:iam::123456789012:role/reader"),
              Optional.of("ticket-7"),
              false);
      AwsCredentials assumed =
          CredentialsLookup.find(access, Region.US_EAST_1).resolveCredentials();
      assertThat(assumed.accessKeyId()).isEqualTo("ASSUMED");
      assertThat(asked.get())
          .contains("Action=AssumeRole")
          .contains("role%2Freader")
          .contains("ExternalId=ticket-7");
      assertThat(signedBy.get()).contains("Credential=WORK/");
    } finally {
      System.clearProperty("aws.endpointUrlSts");
      sts.stop(0);
    }
  }

  private static final String ASSUMED =
      """
      <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
      <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/reader/watershed</Arn>
      <AssumedRoleId>ID:watershed</AssumedRoleId></AssumedRoleUser><Credentials>
      <AccessKeyId>ASSUMED</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
      <SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
      </AssumeRoleResult></AssumeRoleResponse>
      """;

  private static URI toUri(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      return URI.create("x:" + url);
    }
  }

  private static AwsAccess access(
      @org.jspecify.annotations.Nullable String region,
      @org.jspecify.annotations.Nullable String profile) {
    return new AwsAccess(
        Optional.ofNullable(region),
        Optional.ofNullable(profile),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false);
  }
}
