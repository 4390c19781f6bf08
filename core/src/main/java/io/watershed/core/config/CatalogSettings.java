package io.watershed.core.config;

/**
 * A database of the AWS Glue Data Catalog that shows the archives to other engines.
 *
 * @param database its name: small letters, digits and underscores
 * @param access how Glue is reached
 */
public record CatalogSettings(String database, AwsAccess access) {}
