package io.watershed.aws;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.TreeSet;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Finds credentials as the AWS CLI does: a profile that the user names wins over the environment's
 * keys (a profile in {@code AWS_PROFILE} does not); else the default chain. A role is then assumed
 * with what was found.
 */
final class CredentialsLookup {
  private static final String ROLE_SESSION = "watershed";

  private CredentialsLookup() {}

  static AwsCredentialsProvider find(AwsAccess access, Region region) {
    if (access.localCredentials()) {
      return StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));
    }
    AwsCredentialsProvider own =
        access
            .profile()
            .map(CredentialsLookup::ofProfile)
            .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    return access.roleArn().isEmpty() ? own : assume(access, own, region);
  }

  private static AwsCredentialsProvider ofProfile(String profile) {
    ProfileFile files = ProfileFile.defaultProfileFile();
    if (files.profile(profile).isEmpty()) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "The AWS profile '" + profile + "' does not exist",
          files.profiles().isEmpty()
              ? "Make it with 'aws configure --profile " + profile + "'."
              : "Known profiles: " + String.join(", ", new TreeSet<>(files.profiles().keySet())));
    }
    return AwsCredentialsProviderChain.builder()
        .addCredentialsProvider(ProfileCredentialsProvider.create(profile))
        .addCredentialsProvider(ContainerCredentialsProvider.builder().build())
        .addCredentialsProvider(InstanceProfileCredentialsProvider.create())
        .build();
  }

  private static AwsCredentialsProvider assume(
      AwsAccess access, AwsCredentialsProvider own, Region region) {
    StsClient sts = StsClient.builder().region(region).credentialsProvider(own).build();
    AssumeRoleRequest.Builder request =
        AssumeRoleRequest.builder()
            .roleArn(access.roleArn().orElseThrow())
            .roleSessionName(ROLE_SESSION);
    access.externalId().ifPresent(request::externalId);
    return new AssumedRole(
        sts,
        StsAssumeRoleCredentialsProvider.builder()
            .stsClient(sts)
            .refreshRequest(request.build())
            .build());
  }

  /** The role's credentials, and the client that renews them: closed together. */
  private record AssumedRole(StsClient sts, StsAssumeRoleCredentialsProvider role)
      implements AwsCredentialsProvider, SdkAutoCloseable {
    @Override
    public AwsCredentials resolveCredentials() {
      return role.resolveCredentials();
    }

    @Override
    public void close() {
      role.close();
      sts.close();
    }
  }
}
