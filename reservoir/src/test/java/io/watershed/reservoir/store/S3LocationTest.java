package io.watershed.reservoir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.Reservoir;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3LocationTest {
  @Test
  void slashesAtTheEndsOfThePrefixDoNotMatter() {
    assertThat(S3Location.parse("s3://bucket")).isEqualTo(new S3Location("bucket", ""));
    assertThat(S3Location.parse("s3://bucket/")).isEqualTo(new S3Location("bucket", ""));
    assertThat(S3Location.parse("s3://my.bucket/a/b/"))
        .isEqualTo(new S3Location("my.bucket", "a/b"));
    assertThat(S3Location.parse("s3://my.bucket/a/b/").root()).isEqualTo("s3://my.bucket/a/b");
  }

  @Test
  void whatIsNoPlaceIsRefused() {
    for (String location :
        List.of(
            "s3://",
            "s3://B",
            "s3:/bucket",
            "s3://bucket/a//b",
            "s3://bucket/../x",
            "http://x/y",
            "",
            " ",
            "gs://b/c")) {
      assertThatThrownBy(() -> Reservoir.open(location, AwsAccess.DEFAULT).close())
          .as(location)
          .isInstanceOfSatisfying(
              WatershedException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT));
    }
  }

  @Test
  void aFolderAndItsUriAreOnePlace(@TempDir Path folder) {
    try (Reservoir plain = Reservoir.open(folder.toString(), AwsAccess.DEFAULT);
        Reservoir uri = Reservoir.open(folder.toUri().toString(), AwsAccess.DEFAULT)) {
      assertThat(plain.store().root()).isEqualTo(uri.store().root()).startsWith("file:///");
      assertThat(plain.streams()).isEmpty();
      plain.createOrLoad("orders");
      plain.createOrLoad("orders");
      assertThat(uri.streams()).containsExactly("orders");
      assertThat(uri.find("clicks")).isEmpty();
      assertThat(uri.find("orders")).isPresent();
    }
  }
}
