package io.watershed.core.config;

import java.net.URI;
import java.util.regex.Pattern;

/** Whether an endpoint is on this machine, by its name alone: nothing is looked up. */
public final class Loopback {
  private static final Pattern IPV4 = Pattern.compile("127(\\.[0-9]{1,3}){3}");

  private Loopback() {}

  /** True for {@code localhost}, {@code *.localhost}, 127.0.0.0/8 and ::1. */
  public static boolean holds(URI endpoint) {
    String host = String.valueOf(endpoint.getHost());
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.equals("[::1]")
        || IPV4.matcher(host).matches();
  }
}
