package io.watershed.simulator;

/** Unwinds the stack of a process that has crashed; an error, so that no handler takes it. */
final class ProcessCrash extends Error {
  private static final long serialVersionUID = 1L;

  ProcessCrash(String process) {
    super(process + " has crashed", null, false, false);
  }
}
