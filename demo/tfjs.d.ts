/** The demo is to be read, not run: without this the editor would ask for a package that is not installed. */
declare module '@tensorflow/tfjs';
