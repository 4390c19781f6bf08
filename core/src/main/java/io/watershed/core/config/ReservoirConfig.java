package io.watershed.core.config;

import java.net.URI;
import java.util.Optional;

/**
 * Where the reservoir is and how to reach it.
 *
 * @param root {@code s3://bucket/prefix} or {@code file:///folder}, without a slash at its end
 * @param access for S3: region, credentials, endpoint (reached with path-style addresses)
 * @param kmsKey for S3: the KMS key (id, ARN or alias) that encrypts what is written; empty leaves
 *     encryption to the bucket's own setting
 */
public record ReservoirConfig(URI root, AwsAccess access, Optional<String> kmsKey) {}
