/**
 * The EMR cluster: what it installs, its life cycle, SSH forwarding, its Hive tables, Drill's
 * configuration. It talks to EMR, to S3 and to the primary node; it reads no records.
 */
@NullMarked
package io.watershed.cluster;

import org.jspecify.annotations.NullMarked;
