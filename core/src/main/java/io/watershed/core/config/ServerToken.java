package io.watershed.core.config;

/**
 * One token that a server takes. Only its hash is in the configuration.
 *
 * @param name who has it, for the audit log
 * @param operate whether it may change things, or only read
 * @param sha256 SHA-256 of the token's UTF-8, 64 hexadecimal digits in lower case
 */
public record ServerToken(String name, boolean operate, String sha256) {}
