package io.watershed.aws;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.InstanceProfileRegionProvider;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;

/**
 * Finds the region in the order of the AWS CLI: named by the user, {@code AWS_REGION}, {@code
 * AWS_DEFAULT_REGION} (which the SDK does not read), the profile, the instance.
 */
final class RegionLookup {
  private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]{1,40}");

  private final Environment environment;
  private final AwsRegionProvider instance;

  RegionLookup(Environment environment, AwsRegionProvider instance) {
    this.environment = environment;
    this.instance = instance;
  }

  static RegionLookup system() {
    return new RegionLookup(System::getenv, new InstanceProfileRegionProvider());
  }

  Region find(AwsAccess access) {
    String name =
        access
            .region()
            .or(() -> ask(new SystemSettingsRegionProvider()::getRegion))
            .or(() -> Optional.ofNullable(environment.get("AWS_DEFAULT_REGION")))
            .or(() -> ask(profile(access)::getRegion))
            .or(() -> ask(instance::getRegion))
            .orElseThrow(RegionLookup::noRegion);
    if (!REGION.matcher(name).matches()) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "'" + name + "' is not the name of an AWS region",
          "Write it as eu-central-1.");
    }
    return Region.of(name);
  }

  private static AwsRegionProvider profile(AwsAccess access) {
    return access
        .profile()
        .<AwsRegionProvider>map(
            p -> new AwsProfileRegionProvider(ProfileFile::defaultProfileFile, p))
        .orElseGet(AwsProfileRegionProvider::new);
  }

  private static Optional<String> ask(Supplier<@Nullable Region> source) {
    try {
      return Optional.ofNullable(source.get()).map(Region::id);
    } catch (SdkException e) {
      return Optional.empty(); // each source says "not here" by throwing
    }
  }

  private static WatershedException noRegion() {
    return new WatershedException(
        ErrorCode.CONFIG,
        "No AWS region is set",
        "Use --region, set AWS_REGION, or run 'aws configure'.");
  }

  /** Environment variables by name. */
  interface Environment {
    @Nullable String get(String name);
  }
}
