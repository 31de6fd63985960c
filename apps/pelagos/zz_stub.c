int command_info(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_info(int argc, char **argv) { (void)argc, (void)argv; return 2; }
int command_compare(int argc, char **argv) { (void)argc, (void)argv; return 2; }
