package io.watershed.core.config;

import java.net.URI;

/**
 * Where the reservoir is and how to reach it.
 *
 * @param root {@code s3://bucket/prefix} or {@code file:///folder}, without a slash at its end
 * @param access for S3: region, credentials, endpoint (reached with path-style addresses)
 */
public record ReservoirConfig(URI root, AwsAccess access) {}
