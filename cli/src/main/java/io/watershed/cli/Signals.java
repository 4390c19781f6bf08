package io.watershed.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Catches SIGINT and SIGTERM before the JVM begins to shut down. Its shutdown hooks run at once and
 * in no order: libraries would end their threads (Iceberg its worker pool) under a command that is
 * just committing what it has read.
 *
 * <p>{@code sun.misc.Signal} is in every JDK (module jdk.unsupported) and called by reflection
 * because the compiler warns of it. Where it is missing, nothing is caught.
 */
final class Signals {
  private Signals() {}

  /**
   * Runs the action, on a thread of the JVM, whenever one of the signals arrives.
   *
   * @return whether signals are caught now
   */
  static boolean onStop(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler calls =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  action.run();
                  yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> arguments != null && proxy == arguments[0];
                default -> "stop";
              };
      Object proxy =
          Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, calls);
      for (String name : new String[] {"INT", "TERM"}) {
        Object number = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handler).invoke(null, number, proxy);
      }
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return false;
    }
  }
}
