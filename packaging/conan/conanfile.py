# Conan 2. The sources are this repository, two folders up:
#     conan create packaging/conan
import os

from conan import ConanFile
from conan.tools.files import copy


class LinkedinConan(ConanFile):
    name = "linkedin"
    version = "1.0.0"
    description = "LinkedIn's API from C99: one header, no allocation."
    license = "MIT OR Unlicense"
    topics = ("linkedin", "oauth", "header-only")
    package_type = "header-library"
    no_copy_source = True

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "..", "..")
        for pattern in ("linkedin.h", "adapters/*.h", "LICENSE"):
            copy(self, pattern, root, self.export_sources_folder)

    def package(self):
        include = os.path.join(self.package_folder, "include", "linkedin")
        licenses = os.path.join(self.package_folder, "licenses")
        copy(self, "linkedin.h", self.source_folder, include)
        copy(self, "adapters/*.h", self.source_folder, include)
        copy(self, "LICENSE", self.source_folder, licenses)

    def package_info(self):
        # #include "linkedin.h" and "adapters/...", as every way in has it
        self.cpp_info.includedirs = [os.path.join("include", "linkedin")]
        # a header-library has none of these
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
