/**
 * The least IAM policy of each command, from the configuration alone: no request is made. The
 * actions are those that the modules {@code kinesis} and {@code reservoir} send; whoever adds a
 * request there adds its action here.
 */
@NullMarked
package io.watershed.cli.iam;

import org.jspecify.annotations.NullMarked;
