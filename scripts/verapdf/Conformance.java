import java.io.File;
import java.io.InputStream;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;

/** Checks files against profiles of veraPDF and prints a line for each, and each failed clause. */
public class Conformance {
  public static void main(String[] arguments) throws Exception {
    if (arguments.length < 2) {
      System.err.println("usage: Conformance FLAVOUR[,FLAVOUR] FILE...");
      System.exit(2);
    }
    Logger.getLogger("").setLevel(Level.SEVERE);
    VeraGreenfieldFoundryProvider.initialise();
    boolean all = true;
    for (String name : arguments[0].split(",")) {
      PDFAFlavour flavour = PDFAFlavour.fromString(name);
      ValidationProfile profile = profile(name);
      for (int i = 1; i < arguments.length; i++) {
        all &= conforms(new File(arguments[i]), flavour, profile);
      }
    }
    System.exit(all ? 0 : 1);
  }

  /** The profile files of the jar are named PDFA-2A.xml, PDFUA-1.xml. */
  private static ValidationProfile profile(String name) throws Exception {
    String file = name.startsWith("ua") ? "PDFUA-" + name.substring(2) : "PDFA-" + name.toUpperCase();
    String path = "org/verapdf/pdfa/validation/" + file + ".xml";
    try (InputStream in = Conformance.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        System.err.println("no profile for " + name);
        System.exit(2);
      }
      return Profiles.profileFromXml(in);
    }
  }

  private static boolean conforms(File file, PDFAFlavour flavour, ValidationProfile profile)
      throws Exception {
    try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour)) {
      ValidationResult result =
          Foundries.defaultInstance().createValidator(profile, false).validate(parser);
      String verdict = result.isCompliant() ? "PASS" : "FAIL";
      System.out.printf("%s %s %s (%d checks)%n",
          verdict, flavour, file.getName(), result.getTotalAssertions());
      for (TestAssertion assertion : result.getTestAssertions()) {
        if (assertion.getStatus() == TestAssertion.Status.FAILED) {
          System.out.printf("  %s: %s at %s%n", assertion.getRuleId().getClause(),
              assertion.getMessage(), assertion.getLocation().getContext());
        }
      }
      return result.isCompliant();
    }
  }
}
