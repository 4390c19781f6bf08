/**
 * What every AWS service that watershed talks to shares: credentials and region as the AWS CLI
 * finds them, one bounded HTTP client, and the sorting of failures into what a person can do. No
 * service is named here; kinesis and reservoir bring their own clients.
 */
@NullMarked
package io.watershed.aws;

import org.jspecify.annotations.NullMarked;
